-- Whether autovacuum keeps up: its workers, and the tables with more dead rows than their threshold (the manual's
-- formula: autovacuum_vacuum_threshold + autovacuum_vacuum_scale_factor * rows, with the table's own settings).
with due as (
  select format('%I.%I', n.nspname, c.relname) as table_name, pg_stat_get_dead_tuples(c.oid) as dead
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  cross join lateral (
    select
      max(o.option_value) filter (where o.option_name = 'autovacuum_vacuum_threshold') as threshold,
      max(o.option_value) filter (where o.option_name = 'autovacuum_vacuum_scale_factor') as scale
    from pg_options_to_table(c.reloptions) o
  ) own
  where c.relkind in ('r', 'm') and pg_stat_get_dead_tuples(c.oid) > 0
    and pg_stat_get_dead_tuples(c.oid) >
      coalesce(own.threshold, current_setting('autovacuum_vacuum_threshold'))::float8
      + coalesce(own.scale, current_setting('autovacuum_vacuum_scale_factor'))::float8 * greatest(c.reltuples, 0)
)
select
  current_setting('autovacuum') = 'on' and current_setting('track_counts') = 'on' as enabled,
  current_setting('autovacuum_max_workers')::integer as "maxWorkers",
  (select count(*)::integer from pg_stat_activity a where a.backend_type = 'autovacuum worker') as workers,
  (select count(*)::integer from due) as "tablesDue",
  (select coalesce(sum(d.dead), 0)::float8 from due d) as "deadRows",
  (select d.table_name from due d order by d.dead desc, d.table_name limit 1) as worst
