import type { Context, MiddlewareHandler } from "hono";
import { createAdmitter } from "./admission.ts";
import { asTenant } from "./request-tenant.ts";
import type { GuardOptions } from "./guard-options.ts";
import { PROBLEM_TYPE } from "./problem.ts";

/**
 * The guard as hono's middleware: `app.use(tenantGuard({ standing: pool.standing }))`.
 *
 * @throws {TenantryError} TNT-831 when an option is not sound.
 */
export function tenantGuard(options: GuardOptions<Context>): MiddlewareHandler {
  const { header, admit } = createAdmitter(options);
  return async function guardTenant(context, next) {
    const admission = await admit(context, context.req.header(header));
    if ("tenant" in admission) return asTenant(admission.tenant, next);
    return context.body(JSON.stringify(admission.problem), admission.problem.status, {
      "Content-Type": PROBLEM_TYPE,
    });
  };
}
