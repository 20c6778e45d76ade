/** What a new migration of the tenants begins as: nothing that runs, and what may be written. */
export const MIGRATION_TEMPLATE = `-- What it does, for the one who reads it in a year.
--
-- It runs once for each tenant, in a transaction of its own together with the entry in the books, as the owner role.
-- Names without a schema are the tenant's own. Once it ran anywhere it cannot be edited: write another one then.
--
-- Placeholders, as in psql: :"name" becomes an identifier, :'name' a text.
--   :"schema"        the tenant's schema, tenant_<id>
--   :'id'            the tenant's id
--   :'key'           the value of the partition key: the id at creation, also after a change of the id
--   :"partition_key" the column of the shared tables that holds it
--   :"database"      the database
--   :"owner" :"user" :"app" :"readonly" :"monitor" :"backup"   the roles
--   :concurrently    CONCURRENTLY on a living tenant, nothing when a tenant is made. Alone in its file:
--                      create index :concurrently if not exists <name> on <table> (<columns>);
--                      drop index :concurrently if exists <name>;
--
-- A table gets its rights by itself, and a comment by you. What locks a table should be short: others wait.

`;
