-- Who has partitions of the shared tables, or a table that is to become one. $1 the partition key, $2 the schema of
-- partitions that are no tenant's.
with shared_tables as (
  select t.partrelid, t.partdefid, c.relname as name
  from pg_partitioned_table t
  join pg_class c on c.oid = t.partrelid and c.relnamespace = 'shared'::regnamespace
  join pg_attribute k on k.attrelid = c.oid and k.attnum = t.partattrs[0] and k.attname = $1
  where t.partstrat = 'l' and t.partnatts = 1
),
spaces as (
  select r.schema_oid as oid, r.id, r.key, r.id as tenant, r.state, r.stack
  from tenantry.registry r
  union all
  -- In schema partitions a table is called <table>/<key>.
  select distinct n.oid, substr(c.relname, strpos(c.relname, '/') + 1), substr(c.relname, strpos(c.relname, '/') + 1),
    null, null, null
  from pg_namespace n
  join pg_class c on c.relnamespace = n.oid and c.relkind = 'r' and strpos(c.relname, '/') > 0
  where n.nspname = $2
)
select s.id, s.key, s.tenant, s.state, s.stack, n.nspname as schema,
  array_agg(t.name::text order by t.name) filter (where i.inhrelid is not null) as attached,
  array_agg(t.name::text order by t.name) filter (where i.inhrelid is null and c.oid is not null) as detached,
  array_agg(t.name::text order by t.name) filter (where c.oid is null) as missing,
  coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 as bytes
from spaces s
join pg_namespace n on n.oid = s.oid
cross join shared_tables t
left join pg_class c on c.relnamespace = s.oid and c.relkind = 'r'
  and c.relname = case when s.tenant is null then t.name || '/' || s.key else t.name end
left join pg_inherits i on i.inhparent = t.partrelid and i.inhrelid = c.oid
group by s.id, s.key, s.tenant, s.state, s.stack, n.nspname
order by s.id
