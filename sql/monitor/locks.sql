-- The sessions that wait for a lock, with those they wait for. A blocker 0 is a prepared transaction. The text of a
-- query may hold data.
with waiting as materialized (
  select a.pid, pg_blocking_pids(a.pid) as blockers
  from pg_stat_activity a
  where a.wait_event_type = 'Lock' and a.datname = current_database()
),
involved as (
  select w.pid from waiting w
  union
  select unnest(w.blockers) from waiting w
)
select
  i.pid,
  coalesce((select array_agg(distinct b.pid order by b.pid) from unnest(w.blockers) b (pid)), '{}') as blockers,
  a.usename::text as role,
  a.application_name as application,
  a.state,
  extract(epoch from clock_timestamp()
    - case when a.state = 'active' then a.query_start else a.state_change end)::float8 as seconds,
  extract(epoch from clock_timestamp() - a.xact_start)::float8 as "transactionSeconds",
  (
    select concat(l.mode, ' on ',
      case when c.oid is null then l.locktype else format('%I.%I', n.nspname, c.relname) end)
    from pg_locks l
    left join pg_class c on c.oid = l.relation
      and l.database in (0, (select d.oid from pg_database d where d.datname = current_database()))
    left join pg_namespace n on n.oid = c.relnamespace
    where l.pid = i.pid and not l.granted
    limit 1
  ) as wanted,
  left(a.query, 4000) as query
from involved i
left join waiting w on w.pid = i.pid
left join pg_stat_activity a on a.pid = i.pid
order by i.pid
