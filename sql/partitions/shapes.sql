-- What the tables of schema shared are like; their partitions left out.
select
  c.relname as name,
  t.partstrat = 'l' as "byList",
  (
    select array_agg(a.attname::text order by p.place)
    from unnest(t.partattrs::smallint[]) with ordinality p (attnum, place)
    left join pg_attribute a on a.attrelid = c.oid and a.attnum = p.attnum
  ) as "partitionedBy",
  coalesce(t.partdefid, 0) <> 0 as "hasDefault",
  (
    select array_agg(a.attname::text order by k.place)
    from pg_index i, unnest(i.indkey::smallint[]) with ordinality k (attnum, place)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where i.indrelid = c.oid and i.indisprimary
  ) as "primaryKey",
  (
    select json_object_agg(a.attname, json_build_object(
      'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'hasDefault', a.atthasdef))
    from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) as columns
from pg_class c
left join pg_partitioned_table t on t.partrelid = c.oid
where c.relnamespace = 'shared'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname
