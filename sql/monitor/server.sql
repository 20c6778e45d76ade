-- The server and this database in one row: version, settings that wait for a restart, connections, cache, the oldest
-- transaction, distance to wraparound. Sizes in bytes, times in seconds.
with clients as (
  select
    count(*)::integer as used,
    (count(*) filter (where a.state = 'active'))::integer as active,
    (count(*) filter (where a.state = 'idle'))::integer as idle,
    (count(*) filter (where a.state like 'idle in transaction%'))::integer as "idleInTransaction",
    (count(*) filter (where a.wait_event_type = 'Lock'))::integer as "waitingForLocks"
  from pg_stat_activity a
  where a.backend_type = 'client backend'
),
oldest as (
  select a.pid, a.usename::text as role, a.state,
    extract(epoch from clock_timestamp() - a.xact_start)::float8 as seconds
  from pg_stat_activity a
  where a.datname = current_database() and a.xact_start is not null and a.pid <> pg_backend_pid()
  order by a.xact_start
  limit 1
)
select
  current_setting('server_version') as version,
  current_database()::text as database,
  pg_postmaster_start_time() as "startedAt",
  pg_is_in_recovery() as "inRecovery",
  (select coalesce(array_agg(s.name order by s.name), '{}') from pg_settings s where s.pending_restart)
    as "pendingRestart",
  pg_database_size(current_database())::float8 as "databaseBytes",
  (select to_json(c) from clients c) as connections,
  current_setting('max_connections')::integer as "maxConnections",
  current_setting('superuser_reserved_connections')::integer as "reservedConnections",
  -- Blocks found in PostgreSQL's own cache, of all that were asked for; the system's cache is not seen from here.
  (select case when d.blks_hit + d.blks_read > 0 then d.blks_hit::float8 / (d.blks_hit + d.blks_read) end
    from pg_stat_database d where d.datname = current_database()) as "cacheHitRatio",
  (select d.deadlocks::float8 from pg_stat_database d where d.datname = current_database()) as deadlocks,
  (select d.stats_reset from pg_stat_database d where d.datname = current_database()) as "statisticsSince",
  (select to_json(o) from oldest o) as "oldestTransaction",
  -- 2^31 transactions, less the 3 million at which PostgreSQL refuses to go on.
  (select min(2147483648 - 3000000 - age(d.datfrozenxid)) from pg_database d)::float8 as "transactionsToWraparound",
  (select max(age(d.datfrozenxid)) from pg_database d)::float8 as "oldestFrozenAge",
  current_setting('autovacuum_freeze_max_age')::float8 as "freezeMaxAge",
  pg_has_role(current_user, 'pg_read_all_stats', 'usage') as "seesAllSessions"
