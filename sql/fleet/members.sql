-- The tenants of a stack that migrations reach, and which of them lack a migration or a partition. $1 the stack,
-- $2 the newest migration, $3 the partition key.
with shared_tables as (
  select p.oid, p.relname
  from pg_partitioned_table t
  join pg_class p on p.oid = t.partrelid
  join pg_namespace n on n.oid = p.relnamespace and n.nspname = 'shared'
  join pg_attribute k on k.attrelid = p.oid and k.attnum = t.partattrs[0] and k.attname = $3
  where t.partstrat = 'l' and t.partnatts = 1
),
partitions as (
  select c.relnamespace, count(*) as attached
  from shared_tables s
  join pg_inherits i on i.inhparent = s.oid
  join pg_class c on c.oid = i.inhrelid and c.relname = s.relname
  group by 1
)
select
  r.id,
  coalesce(r.pin >= $2::integer, true) as follows,
  r.version < least(coalesce(r.pin, $2::integer), $2::integer)
    or coalesce(p.attached, 0) < (select count(*) from shared_tables) as behind,
  exists (select from tenantry.migration_failures f where f.tenant_key = r.key) as failed
from tenantry.registry r
left join partitions p on p.relnamespace = r.schema_oid
where r.stack = $1 and r.state <> 'retired'
order by r.id
