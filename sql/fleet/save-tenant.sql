-- Writes a tenant into the registry, with the oid its schema has now. $1 id, $2 key, $3 company, $4 state,
-- $5 isolation, $6 pin, $7 version, $8 stack.
insert into tenantry.registry (id, key, schema_name, schema_oid, company, state, isolation, pin, version, stack)
select $1, $2, n.nspname, n.oid, $3, $4, $5, $6, $7, $8
from pg_namespace n
where n.nspname = 'tenant_' || $1
on conflict (id) do update
  set schema_oid = excluded.schema_oid,
    company = excluded.company,
    state = excluded.state,
    isolation = excluded.isolation,
    pin = excluded.pin,
    version = excluded.version,
    updated_at = now()
