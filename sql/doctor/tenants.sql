-- Each tenant of the registry beside the schema and the role of its name, and each schema named like a tenant's that
-- the registry does not know. $1 the stack.
select
  r.registry,
  case when n.oid is not null then jsonb_build_object(
    'oid', n.oid::text, 'name', n.nspname, 'owner', pg_get_userbyid(n.nspowner),
    'comment', obj_description(n.oid, 'pg_namespace')) end as schema,
  case when a.oid is not null then jsonb_build_object('comment', shobj_description(a.oid, 'pg_authid')) end as role
from (
  select t.schema_name, jsonb_build_object(
    'id', t.id, 'key', t.key, 'schemaOid', t.schema_oid::text, 'company', t.company, 'state', t.state,
    'isolation', t.isolation, 'pin', t.pin, 'version', t.version, 'stack', t.stack,
    'recorded', t.fingerprint is not null, 'ran', (
      select coalesce(json_agg(l.number order by l.number), '[]')
      from tenantry.ledger l
      where l.tenant_key = t.key
    )) as registry
  from tenantry.registry t
  where t.stack = $1
) r
full join (
  select * from pg_namespace n
  where starts_with(n.nspname, 'tenant_')
    -- Other stacks' tenants are other doctors' patients.
    and not exists (select from tenantry.registry t where t.schema_name = n.nspname and t.stack <> $1)
) n on n.nspname = r.schema_name
left join pg_roles a on a.rolname = coalesce(n.nspname, r.schema_name)
order by coalesce(n.nspname, r.schema_name)
