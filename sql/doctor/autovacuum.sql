-- Tables that have settings of autovacuum, and those that should. $1 the oids of the tenants' schemas, $2 the names of
-- the tables that should.
select n.nspname as schema, c.relname as table, (
  select coalesce(json_agg(o order by o), '[]')
  from (
    select unnest(c.reloptions) as o
    union all
    select 'toast.' || unnest(t.reloptions)
  ) s
  where o ~ '^(toast\.)?autovacuum_'
) as settings
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_class t on t.oid = c.reltoastrelid
where c.relnamespace = any($1::oid[]) and c.relkind in ('r', 'm')
  and (c.relname = any($2::text[]) or c.reloptions is not null or t.reloptions is not null)
order by 1, 2
