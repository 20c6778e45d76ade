-- The tenants with their sizes (TOAST and indexes included, measured as in sql/monitor/sizes.sql) and what keeps them
-- from their migrations, in one query.
select
  r.id,
  r.schema_name as "schema",
  r.company,
  r.state,
  r.isolation,
  r.version,
  r.stack,
  r.created_at as "createdAt",
  f.message as failure,
  coalesce(s.bytes, 0)::float8 as "sizeBytes"
from tenantry.registry r
left join tenantry.migration_failures f on f.tenant_key = r.key
left join (
  select m.schema_oid, sum(m.bytes) as bytes
  from tenantry.monitor_relations m
  group by m.schema_oid
) s on s.schema_oid = r.schema_oid
order by r.id
