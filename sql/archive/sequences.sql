-- The sequences of a schema, quoted with its name. $1 the schema's oid.
select format('%I.%I', n.nspname, c.relname) as quoted, c.relname as name
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.oid = $1::oid and c.relkind = 'S'
order by c.relname collate "C"
