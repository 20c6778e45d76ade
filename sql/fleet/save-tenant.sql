-- Writes a tenant into the registry, with the oid its schema has now. $1 id, $2 key, $3 company, $4 state,
-- $5 isolation, $6 pin, $7 version, $8 stack, $9 what declares it: null for what did.
insert into tenantry.registry as known
  (id, key, schema_name, schema_oid, company, state, isolation, pin, version, stack, managed_by, retired_at)
select $1, $2, n.nspname, n.oid, $3, $4, $5, $6, $7, $8, coalesce($9, 'stack'),
  -- Not before what was noted last: a clock that went back must not date a retirement back.
  case when $4 = 'retired' then greatest(now(), (select max(a.created_at) from central.audit_log a)) end
from pg_namespace n
where n.nspname = 'tenant_' || $1
on conflict (id) do update
  set schema_oid = excluded.schema_oid,
    company = excluded.company,
    state = excluded.state,
    isolation = excluded.isolation,
    pin = excluded.pin,
    version = excluded.version,
    managed_by = coalesce($9, known.managed_by),
    retired_at = case when excluded.state = 'retired' then coalesce(known.retired_at, excluded.retired_at) end,
    updated_at = now()
