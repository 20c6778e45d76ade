-- The tenants of a stack that migrations reach, which of them lack a migration or a partition, and why. $1 the stack,
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
  r.key,
  r.state,
  r.version,
  r.pin,
  r.fingerprint,
  coalesce(r.pin >= $2::integer, true) as follows,
  r.version < least(coalesce(r.pin, $2::integer), $2::integer)
    or coalesce(p.attached, 0) < (select count(*) from shared_tables) as behind,
  coalesce(p.attached, 0) >= (select count(*) from shared_tables) as attached,
  f.tenant_key is not null as failed,
  f.number as "failedNumber",
  f.message as "failedMessage",
  f.attempts,
  f.failed_at as "failedAt"
from tenantry.registry r
left join tenantry.migration_failures f on f.tenant_key = r.key
left join partitions p on p.relnamespace = r.schema_oid
where r.stack = $1 and r.state <> 'retired'
order by r.id
