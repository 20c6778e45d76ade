-- Indexes that nothing uses, since building them failed or was interrupted. One that is being built just now is
-- invalid, too: it is left out. $1 the oids of the tenants' schemas, $2 the names of the
-- shared ones.
select n.nspname as schema, x.relname as index,
  format('index %I on %I', x.relname, c.relname) as object
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = x.relnamespace
where not i.indisvalid and (n.oid = any($1::oid[]) or n.nspname = any($2::text[]))
  and not exists (select from pg_stat_progress_create_index b where b.relid = i.indrelid)
order by 1, 2
