import type { IncomingMessage, ServerResponse } from "node:http";
import { createAdmitter } from "./admission.ts";
import { asTenant } from "./request-tenant.ts";
import type { GuardOptions } from "./guard-options.ts";
import { PROBLEM_TYPE } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** A step of `node:http`, as connect and express take it. */
export type TenantGuard<Request extends IncomingMessage> = (
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Lets a request in for the tenant that its header names: `next` runs with `requestTenant` and `currentPartition`.
 * Others are answered: 400 where no tenant is named, 403 where it is suspended or not the subject's to act for, 410
 * where it is retired or has another id now. What the look-up throws goes to `next`.
 *
 * It is a courtesy to callers; what keeps tenants apart is the scope that queries run in.
 *
 * @throws {TenantryError} TNT-831 when an option is not sound.
 */
export function tenantGuard<Request extends IncomingMessage = IncomingMessage>(
  options: GuardOptions<Request>,
): TenantGuard<Request> {
  const { header, admit } = createAdmitter(options);
  return function guardTenant(request, response, next) {
    admit(request, request.headers[header]).then((admission) => {
      if ("tenant" in admission) asTenant(admission.tenant, next);
      else refuse(response, admission.problem);
    }, next);
  };
}

function refuse(response: ServerResponse, problem: Problem): void {
  response.statusCode = problem.status;
  response.setHeader("Content-Type", PROBLEM_TYPE);
  response.end(JSON.stringify(problem));
}
