import type { FastifyRequest, onRequestHookHandler } from "fastify";
import { createAdmitter } from "./admission.ts";
import { asTenant } from "./request-tenant.ts";
import type { GuardOptions } from "./guard-options.ts";
import { PROBLEM_TYPE } from "./problem.ts";

/**
 * The guard as fastify's `onRequest` hook: `app.addHook("onRequest", tenantGuard({ standing: pool.standing }))`.
 *
 * @throws {TenantryError} TNT-831 when an option is not sound.
 */
export function tenantGuard(options: GuardOptions<FastifyRequest>): onRequestHookHandler {
  const { header, admit } = createAdmitter(options);
  return function guardTenant(request, reply, done) {
    admit(request, request.headers[header]).then((admission) => {
      // By callback: what an asynchronous hook sets ends with the hook.
      if ("tenant" in admission) asTenant(admission.tenant, done);
      else void reply.code(admission.problem.status).type(PROBLEM_TYPE).send(admission.problem);
    }, done);
  };
}
