-- Bytes of each schema's tables, TOAST and indexes, largest first. After
--   select set_config('tenantry.schema', 'tenant_empresa_123', false);
-- the bytes of each table of that schema instead.
--
-- The main data of every relation is counted, not its maps of free and visible space (at most 32 kB for a table below
-- 1 GB). Opening a relation is what takes time, so a table that was never written since its creation counts with the
-- pages it was made with; and one that somebody holds exclusively, so that nobody may look, with those of its last
-- VACUUM or ANALYZE.
with tables as materialized (
  select c.oid, c.relname, c.relnamespace, c.reltoastrelid as toast,
    c.relkind = 'r' and c.relpages = 0 and c.reltuples <= 0 and pg_stat_get_tuples_inserted(c.oid) = 0 as unwritten,
    c.relkind = 'r' and pg_stat_get_tuples_inserted(c.reltoastrelid) = 0 and exists (
      select from pg_class h where h.oid = c.reltoastrelid and h.relpages = 0 and h.reltuples <= 0
    ) as toast_unwritten
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and n.nspname = coalesce(nullif(current_setting('tenantry.schema', true), ''), n.nspname)
),
locked as materialized (
  select l.relation from pg_locks l where l.mode = 'AccessExclusiveLock' and l.relation is not null
),
relations as (
  select t.oid as of, 'table' as kind, c.oid, c.relpages, t.unwritten
  from tables t
  join pg_class c on c.oid = t.oid
  union all
  select t.oid, 'index', c.oid, c.relpages, t.unwritten
  from tables t
  join pg_index i on i.indrelid = t.oid
  join pg_class c on c.oid = i.indexrelid
  union all
  select t.oid, 'toast', c.oid, c.relpages, t.toast_unwritten
  from tables t
  join pg_class c on c.oid = t.toast
  union all
  select t.oid, 'toast', c.oid, c.relpages, t.toast_unwritten
  from tables t
  join pg_index i on i.indrelid = t.toast
  join pg_class c on c.oid = i.indexrelid
),
measured as (
  select r.of, r.kind, coalesce(
    -- Null for a relation that was dropped meanwhile.
    case when r.unwritten or r.oid in (select relation from locked)
      then r.relpages * current_setting('block_size')::bigint
      else pg_relation_size(r.oid) end, 0) as bytes
  from relations r
)
select n.nspname::text as schema,
  case when coalesce(current_setting('tenantry.schema', true), '') <> '' then t.relname::text end as table,
  min(k.id) as tenant,
  min(k.state) as state,
  (count(*) filter (where m.kind = 'table'))::integer as tables,
  (count(*) filter (where m.kind = 'index'))::integer as indexes,
  sum(m.bytes)::float8 as bytes,
  coalesce(sum(m.bytes) filter (where m.kind = 'table'), 0)::float8 as "tableBytes",
  coalesce(sum(m.bytes) filter (where m.kind = 'index'), 0)::float8 as "indexBytes",
  coalesce(sum(m.bytes) filter (where m.kind = 'toast'), 0)::float8 as "toastBytes"
from measured m
join tables t on t.oid = m.of
join pg_namespace n on n.oid = t.relnamespace
left join tenantry.monitor_tenants k on k.schema_oid = n.oid
group by 1, 2
order by bytes desc, 1, 2
