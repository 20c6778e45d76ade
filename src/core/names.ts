/** What a tenant's id may look like. With the prefix, schema and role names stay within PostgreSQL's 63 bytes. */
export const TENANT_ID = /^[a-z][a-z0-9_]{0,47}$/;

/** Every tenant schema's name starts so; nothing else of ours does. */
export const TENANT_SCHEMA_PREFIX = "tenant_";

/** The schema of a tenant: never truncated, never hashed. */
export function tenantSchema(id: string): string {
  return `${TENANT_SCHEMA_PREFIX}${id}`;
}
