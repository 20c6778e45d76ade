-- The tenants with their sizes (TOAST and indexes included) and what keeps them from their migrations, in one query.
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
  select c.relnamespace, sum(pg_total_relation_size(c.oid)) as bytes
  from pg_class c
  where c.relkind in ('r', 'm')
  group by c.relnamespace
) s on s.relnamespace = r.schema_oid
order by r.id
