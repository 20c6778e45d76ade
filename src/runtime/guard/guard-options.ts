import type { TenantState } from "../../core/tenant.ts";
import { TenantryError } from "../../core/errors.ts";

/** What is known of an id: a tenant there is, or the old name of one. */
export interface TenantStanding {
  /** `renamed`: the tenant has another id now. */
  readonly state: TenantState | "renamed";
  /** The value of the partition key: the id at creation, for ever. */
  readonly key: string;
}

/** Tells how an id stands; undefined for one that is no tenant's. A tenant pool's `standing` does. */
export type LookUp = (id: string) => Promise<TenantStanding | undefined>;

/** How requests are let in. `Request` is the framework's. */
export interface GuardOptions<Request> {
  /** Tells how an id stands, such as `pool.standing` of a tenant pool. */
  readonly standing: LookUp;
  /** The header that names the tenant. Default: `X-Tenant-ID`. */
  readonly header?: string;
  /**
   * Whether the request's authenticated subject may act for the tenant. It is asked before it is known whether the
   * tenant exists. Default: everybody may, since another layer decides.
   */
  readonly mayActFor?: (request: Request, id: string) => boolean | Promise<boolean>;
  /**
   * For how many milliseconds a tenant's standing is remembered, 0 to 60,000; a suspension is answered with 403 that
   * much later, though the database refuses it at once. Default: 1,000.
   */
  readonly remember?: number;
}

/** Of RFC 9110. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const LONGEST_MEMORY = 60_000;
const KNOWN: Record<keyof GuardOptions<unknown>, true> = {
  standing: true,
  header: true,
  mayActFor: true,
  remember: true,
};

/**
 * The options with their defaults.
 *
 * @throws {TenantryError} TNT-831 with every problem at once.
 */
export function checkGuardOptions<Request>(
  options: GuardOptions<Request>,
): Required<GuardOptions<Request>> {
  const { standing, header = "X-Tenant-ID", mayActFor = () => true, remember = 1000 } = options;
  const problems = [
    typeof standing !== "function" &&
      "standing must be a function, such as pool.standing of a tenant pool",
    !(typeof header === "string" && HEADER_NAME.test(header)) &&
      `header is ${JSON.stringify(header)}; it must be the name of an HTTP header, such as X-Tenant-ID`,
    typeof mayActFor !== "function" && "mayActFor must be a function",
    !(Number.isFinite(remember) && remember >= 0 && remember <= LONGEST_MEMORY) &&
      `remember is ${String(remember)}; it must be 0 to ${LONGEST_MEMORY} milliseconds`,
    ...Object.keys(options)
      .filter((name) => !Object.hasOwn(KNOWN, name))
      .map((name) => `${name} is no option; there are ${Object.keys(KNOWN).join(", ")}`),
  ].filter((problem) => problem !== false);
  if (problems.length > 0) throw new TenantryError("TNT-831", { problems });
  return { standing, header, mayActFor, remember };
}
