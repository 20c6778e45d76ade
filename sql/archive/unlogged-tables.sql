-- The tables of a schema that nobody else will see, whose rows need not be written ahead. None where one is partitioned:
-- such a table is always logged, and may refer to no other kind. $1 the schema's oid.
select format('%I.%I', n.nspname, c.relname) as quoted
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.oid = $1::oid and c.relkind = 'r'
  and not exists (select from pg_class p where p.relnamespace = n.oid and p.relkind = 'p')
order by c.relname collate "C"
