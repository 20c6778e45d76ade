-- What an interrupted CREATE INDEX CONCURRENTLY left behind, quoted with its schema. $1 the schema.
-- What somebody builds right now is no left-over, and that of a partitioned table waits for its partitions.
select format('%I.%I', n.nspname, c.relname) as name
from pg_index i
join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and not i.indisvalid
  and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
