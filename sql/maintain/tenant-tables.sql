-- A tenant's tables, by name; no row when the registry has no such tenant of the stack. Nothing here waits for a
-- lock. $1 the tenant's id, $2 the stack.
select
  n.oid::text as "schemaOid",
  (
    select coalesce(json_agg(json_build_object('oid', c.oid::text, 'name', format('%I.%I', n.nspname, c.relname))
      order by c.relname), '[]')
    from pg_class c
    where c.relnamespace = n.oid and c.relkind in ('r', 'm')
  ) as tables
from tenantry.registry r
left join pg_namespace n on n.oid = r.schema_oid and n.nspname = r.schema_name
where r.id = $1 and r.stack = $2
