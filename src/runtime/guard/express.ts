import type { Request, RequestHandler } from "express";
import type { GuardOptions } from "./guard-options.ts";
import { tenantGuard as guardNode } from "./tenant-guard.ts";

/**
 * The guard as express' middleware: `app.use(tenantGuard({ standing: pool.standing }))`. Put it after what
 * authenticates and after what reads bodies.
 *
 * @throws {TenantryError} TNT-831 when an option is not sound.
 */
export const tenantGuard = (options: GuardOptions<Request>): RequestHandler => guardNode(options);
