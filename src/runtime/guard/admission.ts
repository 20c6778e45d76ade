import { isPartitionValue } from "../../core/partition-value.ts";
import type { RequestTenant } from "./request-tenant.ts";
import { checkGuardOptions } from "./guard-options.ts";
import type { GuardOptions, TenantStanding } from "./guard-options.ts";
import { GONE, NOT_ALLOWED, NO_TENANT, SUSPENDED } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { remembered } from "./remembered.ts";

/** A request is for a tenant, or refused. */
export type Admission = { readonly tenant: RequestTenant } | { readonly problem: Problem };

/** Who decides about requests, whatever framework they come from. */
export interface Admitter<Request> {
  /** The header that names the tenant, in lower case. */
  readonly header: string;
  /** Decides by the header's value. What the look-up throws is thrown. */
  readonly admit: (request: Request, value: unknown) => Promise<Admission>;
}

/**
 * Makes the decision about requests.
 *
 * @throws {TenantryError} TNT-831
 */
export function createAdmitter<Request>(options: GuardOptions<Request>): Admitter<Request> {
  const { standing, header, mayActFor, remember } = checkGuardOptions(options);
  const standingOf = remembered(standing, remember);
  return {
    header: header.toLowerCase(),
    admit: async (request, value) => {
      // Servers join what is repeated with a comma, which no id has, or give a list. Tenants' ids are values, too.
      if (typeof value !== "string" || !isPartitionValue(value)) return { problem: NO_TENANT };
      if (!(await mayActFor(request, value))) return { problem: NOT_ALLOWED };
      return judge(value, await standingOf(value));
    },
  };
}

function judge(id: string, standing: TenantStanding | undefined): Admission {
  switch (standing?.state) {
    case undefined:
      return { problem: NO_TENANT };
    case "active":
      return { tenant: { id, key: standing.key } };
    case "suspended":
      return { problem: SUSPENDED };
    case "retired":
    case "renamed":
      return { problem: GONE };
  }
}
