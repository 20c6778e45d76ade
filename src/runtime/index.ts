// What applications import: tenantry/runtime.
export { createTenantPool } from "./tenant-pool.ts";
export type { TenantPool } from "./tenant-pool.ts";
export type { PoolIsolation, TenantPoolOptions } from "./pool-options.ts";
export type { PartitionScope } from "./partition-scope.ts";
export type { ScopeOptions } from "./scope-options.ts";
export type { Row, ScopeTransaction } from "./transaction.ts";
export type { ScopeQueryConfig } from "./scoped-query.ts";
export { currentTenant, currentTransaction, tenantQuery } from "./current-scope.ts";
export { tenantGuard } from "./guard/tenant-guard.ts";
export type { TenantGuard } from "./guard/tenant-guard.ts";
export type { GuardOptions, LookUp, TenantStanding } from "./guard/guard-options.ts";
export { currentPartition, requestTenant } from "./guard/request-tenant.ts";
export type { RequestTenant } from "./guard/request-tenant.ts";
export type { TenantScopeEvent, TenantryEvents } from "./events.ts";
export { TenantryError } from "../core/errors.ts";
export type { ErrorCode } from "../core/errors.ts";
export type { TenantIsolation, TenantState } from "../core/tenant.ts";
