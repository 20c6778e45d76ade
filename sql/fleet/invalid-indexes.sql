-- What an interrupted CREATE INDEX CONCURRENTLY left behind, quoted with its schema. $1 the schema.
select format('%I.%I', n.nspname, c.relname) as name
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and not i.indisvalid
