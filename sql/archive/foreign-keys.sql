-- The foreign keys of a schema's tables, to be dropped and added again. $1 the schema's oid. Those of partitions come
-- and go with their parents'.
select format('%I.%I', n.nspname, c.relname) as quoted, k.conname as name, pg_get_constraintdef(k.oid) as definition
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where n.oid = $1::oid and k.contype = 'f' and k.conparentid = 0
order by c.relname collate "C", k.conname collate "C"
