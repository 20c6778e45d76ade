-- Who receives the write-ahead log of this server and how far behind it is, and slots that keep log for nobody.
select 'replica' as kind, r.application_name as name, r.state,
  pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)::float8 as "behindBytes",
  extract(epoch from r.replay_lag)::float8 as "behindSeconds"
from pg_stat_replication r
where not pg_is_in_recovery()
union all
select 'slot', s.slot_name::text, coalesce(s.wal_status, 'inactive'),
  pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)::float8, null
from pg_replication_slots s
where not s.active and not pg_is_in_recovery()
order by 1, 2
