-- What masking rules must know of the columns in a schema's tables. $1 the schema, by name or oid, $2 the column that says whose
-- row it is: beside it a unique column is unique all the same. "root" is the table whose partition one is.
select
  c.relname as table,
  coalesce((select p.relname from pg_class p where p.oid = pg_partition_root(c.oid)), c.relname) as root,
  a.attname as name,
  t.typcategory = 'S' as "isText",
  a.attnotnull or t.typnotnull as "notNull",
  exists (
    select
    from pg_index i
    where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indexprs is null
      and a.attnum = any (i.indkey[0 : (i.indnkeyatts - 1)])
      and not exists (
        select
        from unnest(i.indkey[0 : (i.indnkeyatts - 1)]) k (attnum)
        join pg_attribute o on o.attrelid = c.oid and o.attnum = k.attnum
        where o.attnum <> a.attnum and o.attname <> $2
      )
  ) as "isUnique"
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
where c.relnamespace = $1::regnamespace and c.relkind = 'r'
order by c.relname collate "C", a.attnum
