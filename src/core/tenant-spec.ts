/** `active` serves; `suspended` has its rights revoked and its data kept; `retired` waits for its removal. */
export type TenantState = "active" | "suspended" | "retired";

/**
 * `shared`: the application's role holds the rights on the tenant's schema and search_path routes. `strict`: a role
 * per tenant, without whose scope nothing of the tenant is readable.
 */
export type Isolation = "shared" | "strict";

/** What is declared of one tenant. */
export interface TenantSpec {
  readonly id: string;
  /** The company's name, for people. */
  readonly company: string;
  readonly state: TenantState;
  readonly isolation: Isolation;
  /** The last migration to apply; without it, all. */
  readonly pin?: number;
}
