-- The sessions of clients that hold a lock on something in a schema. $1 the schema's oid. Those of this program hold
-- the tenant's own lock before they do.
select distinct a.pid, a.usename as "user", a.application_name as application
from pg_locks l
join pg_class c on c.oid = l.relation
join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and c.relnamespace = $1::oid
  and l.database = (select d.oid from pg_database d where d.datname = current_database())
  and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
order by a.pid
