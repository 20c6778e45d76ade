-- What the tenants' tables take, and the largest of them. $1 the stack, $2 a tenant's id, or null for all.
select
  t.bytes::float8 as bytes,
  t.name as table,
  (sum(t.bytes) over ())::float8 as "allBytes"
from (
  select format('%I.%I', r.schema_name, c.relname) as name, pg_total_relation_size(c.oid) as bytes
  from tenantry.registry r
  join pg_class c on c.relnamespace = r.schema_oid and c.relkind in ('r', 'm')
  where r.stack = $1 and r.id = coalesce($2, r.id)
) t
where t.bytes is not null
order by t.bytes desc
limit 1
