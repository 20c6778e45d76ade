-- The shared tables that are partitioned by the key, and whether somebody has a partition of each. $1 the partition key,
-- $2 the schema where the partitions lie, $3 what follows the table's name in theirs.
-- Looked up one by one: joined, PostgreSQL would read the whole catalog before its tables are analyzed.
select
  t.name,
  (
    select n.nspname from pg_class c, pg_namespace n where c.oid = t.partdefid and n.oid = c.relnamespace
  ) as "defaultSchema",
  (select c.relname from pg_class c where c.oid = t.partdefid) as "defaultName",
  coalesce(pg_relation_size(nullif(t.partdefid, 0)), 0) > 0 as "mayHaveOrphans",
  exists (
    select
    from pg_inherits i
    where i.inhparent = t.partrelid and i.inhrelid = (
      select c.oid
      from pg_class c
      where c.relname = t.name || $3 and c.relnamespace = (select n.oid from pg_namespace n where n.nspname = $2)
    )
  ) as attached,
  exists (
    select
    from pg_class c
    where c.relname = t.name || $3 and c.relkind = 'r' and not c.relispartition
      and c.relnamespace = (select n.oid from pg_namespace n where n.nspname = $2)
  ) as detached,
  (
    select json_agg(a.attname order by a.attnum)
    from pg_attribute a
    where a.attrelid = t.partrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  ) as columns
from (
  select partrelid, partdefid, (select c.relname from pg_class c where c.oid = partrelid) as name
  from pg_partitioned_table
  where partstrat = 'l' and partnatts = 1
    and (select c.relnamespace from pg_class c where c.oid = partrelid) = 'shared'::regnamespace
    and (select a.attname from pg_attribute a where a.attrelid = partrelid and a.attnum = partattrs[0]) = $1
) t
order by t.name
