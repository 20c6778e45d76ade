-- Who holds locks on a table. $1 its oid.
select distinct on (a.pid)
  a.pid,
  a.usename as "user",
  a.state,
  extract(epoch from clock_timestamp() - a.xact_start)::float8 as seconds
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and l.relation = $1::oid and l.pid <> pg_backend_pid()
  and l.database = (select d.oid from pg_database d where d.datname = current_database())
order by a.pid
