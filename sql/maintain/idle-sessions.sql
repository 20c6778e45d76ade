-- The sessions that may be ended: clients of this database that have been idle for long. Never those of a superuser, of
-- a role for replication, or of the role that asks; a transaction that is open counts as work, and so does an
-- advisory lock, which is held for something. $1 how long, in seconds.
select
  a.pid,
  a.backend_start::text as start,
  a.usename as role,
  a.application_name as application,
  extract(epoch from clock_timestamp() - a.state_change)::float8 as seconds
from pg_stat_activity a
join pg_roles r on r.oid = a.usesysid and not r.rolsuper and not r.rolreplication and r.rolname <> session_user
where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
  and a.state = 'idle' and a.state_change < clock_timestamp() - make_interval(secs => $1)
  and not exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory')
order by a.state_change
