-- Indexes that deserve a look, alike ones of all tenants in one row: invalid, duplicate, unused, bloated. After
--   select set_config('tenantry.schema', 'tenant_empresa_123', false);
-- those of that schema alone.
--
-- invalid    building it failed; nothing uses it, and every write keeps it
-- duplicate  another index of the table has the same columns, order, operators and condition
-- unused     never scanned since the statistics began, in no tenant, and no constraint needs it
-- bloated    a b-tree of at least 1 MB, more than half of which should be free: its pages against those that its rows
--            would fill. An estimate after github.com/ioguix/pgsql-bloat-estimation: a row takes 4 bytes for its
--            pointer, 8 for its header and the average width of its keys, aligned to 8; a page holds 8,168 bytes to 90 %
--            or the index's fillfactor. Rows and widths are those of the last ANALYZE.
with locked as materialized (
  select l.relation from pg_locks l where l.mode = 'AccessExclusiveLock' and l.relation is not null
),
indexes as materialized (
  select i.*, n.nspname::text as schema, c.relname::text as table_name, x.relname::text as index_name, x.relam,
    x.reltuples,
    case when t.id is null then n.nspname::text else 'tenant_*' end as scope,
    pg_stat_get_numscans(i.indexrelid) as scans,
    exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')) as needed,
    coalesce(case when x.oid in (select relation from locked)
      then x.relpages * current_setting('block_size')::bigint
      else pg_relation_size(x.oid) end, 0) as bytes,
    coalesce((select o.option_value::float8 from pg_options_to_table(x.reloptions) o where o.option_name = 'fillfactor'), 90)
      as fillfactor
  from pg_index i
  join pg_class x on x.oid = i.indexrelid and x.relkind = 'i'
  join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join tenantry.monitor_tenants t on t.schema_oid = n.oid
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and n.nspname = coalesce(nullif(current_setting('tenantry.schema', true), ''), n.nspname)
),
alike as (
  select i.*, first_value(i.index_name) over same as twin, row_number() over same as place
  from indexes i
  where i.indisvalid
  window same as (
    partition by i.indrelid, i.relam, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text,
      i.indexprs::text, i.indpred::text
    order by i.indisprimary desc, i.needed desc, i.indisunique desc, i.indexrelid
  )
),
sized as (
  select i.*, i.bytes - ceil(i.reltuples * (4 + ceil((8 + w.bytes) / 8) * 8) / (8168 * i.fillfactor / 100))
    * current_setting('block_size')::bigint as free
  from indexes i
  join pg_am m on m.oid = i.relam and m.amname = 'btree'
  join tenantry.monitor_key_widths() w on w.index_oid = i.indexrelid
  where i.indisvalid and i.bytes >= 1024 * 1024 and i.reltuples >= 0
),
found as (
  select 'invalid' as kind, i.scope, i.schema, i.table_name, i.index_name, i.bytes, 0::float8 as free, '' as detail
  from indexes i
  where not i.indisvalid
    and not exists (select from pg_stat_progress_create_index b where b.relid = i.indrelid)
  union all
  select 'duplicate', a.scope, a.schema, a.table_name, a.index_name, a.bytes, a.bytes, 'same as ' || a.twin
  from alike a
  where a.place > 1 and not a.needed
  union all
  select 'unused', i.scope, i.schema, i.table_name, i.index_name, i.bytes, i.bytes, ''
  from indexes i
  where i.indisvalid and not i.indisunique and not i.needed and not i.indisreplident
    and (i.scope, i.table_name, i.index_name) not in (
      select u.scope, u.table_name, u.index_name from indexes u where u.scans > 0
    )
  union all
  select 'bloated', s.scope, s.schema, s.table_name, s.index_name, s.bytes, s.free, ''
  from sized s
  where s.free > s.bytes * 0.5
)
select
  f.kind,
  f.scope,
  f.table_name as table,
  f.index_name as index,
  f.detail,
  count(*)::integer as schemas,
  (select count(*)::integer from indexes i
    where (i.scope, i.table_name, i.index_name) = (f.scope, f.table_name, f.index_name)) as "ofSchemas",
  min(f.schema) as "exampleSchema",
  sum(f.bytes)::float8 as bytes,
  sum(f.free)::float8 as "freeBytes"
from found f
group by f.kind, f.scope, f.table_name, f.index_name, f.detail
order by array_position(array['invalid', 'duplicate', 'unused', 'bloated'], f.kind), bytes desc, 2, 3, 4
