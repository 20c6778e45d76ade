-- The tables of a tenant's schema and the columns that hold data, in a fixed order. $1 the schema's oid, $2 the
-- partition key, $3 the names of the shared tables: their partitions' key is a constant, and another one elsewhere.
select
  c.relname as name,
  (
    select coalesce(array_agg(a.attname::text order by a.attnum), '{}')
    from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and not (c.relname = any ($3::text[]) and a.attname = $2)
  ) as columns
from pg_class c
where c.relnamespace = $1::oid and c.relkind = 'r'
order by c.relname collate "C"
