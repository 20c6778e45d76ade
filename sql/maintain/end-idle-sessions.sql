-- Ends sessions that still are as idle as when they were looked at; which those are, see idle-sessions.sql. $1 how long
-- they must have been idle, in seconds, $2 their pids, $3 when each began, since pids are used again.
select a.pid, a.usename as role, pg_terminate_backend(a.pid) as ended
from pg_stat_activity a
join unnest($2::int[], $3::text[]) chosen (pid, start) on chosen.pid = a.pid and chosen.start = a.backend_start::text
join pg_roles r on r.oid = a.usesysid and not r.rolsuper and not r.rolreplication and r.rolname <> session_user
where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
  and a.state = 'idle' and a.state_change < clock_timestamp() - make_interval(secs => $1)
  and not exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory')
