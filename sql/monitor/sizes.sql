-- Bytes of each schema's tables, TOAST and indexes, largest first. A relation is measured as in
-- tenantry.monitor_relations, which also says whose index each one is: that is not needed here.
--
-- Opening each relation is what takes time. PostgreSQL shares it among its parallel workers as long as nothing but
-- numbers is put together, each branch begins with a scan that it can share, and the branches are not a WITH of their
-- own: that would be read by one process. Names come afterwards.
with measured as (
  select r.schema_oid,
    (count(*) filter (where r.kind = 'table'))::integer as tables,
    (count(*) filter (where r.kind = 'index'))::integer as indexes,
    coalesce(sum(r.bytes) filter (where r.kind = 'table'), 0)::float8 as table_bytes,
    coalesce(sum(r.bytes) filter (where r.kind = 'index'), 0)::float8 as index_bytes,
    coalesce(sum(r.bytes) filter (where r.kind = 'toast'), 0)::float8 as toast_bytes
  from (
    -- An index is in its table's schema.
    select c.relnamespace as schema_oid, case c.relkind when 'i' then 'index' else 'table' end as kind,
      case when h.relation is not null then c.relpages * current_setting('block_size')::bigint
        else pg_relation_size(c.oid) end as bytes
    from pg_class c
    left join (select distinct l.relation from pg_locks l where l.mode = 'AccessExclusiveLock') h on h.relation = c.oid
    where c.relkind in ('r', 'm', 'i') and c.relnamespace <> 'pg_toast'::regnamespace
    union all
    select t.relnamespace, 'toast',
      case when h.relation is not null then o.relpages * current_setting('block_size')::bigint
        else pg_relation_size(o.oid) end
    from pg_class t
    join pg_class o on o.oid = t.reltoastrelid
    left join (select distinct l.relation from pg_locks l where l.mode = 'AccessExclusiveLock') h on h.relation = o.oid
    where t.relkind in ('r', 'm')
    union all
    -- Two, after a REINDEX CONCURRENTLY that failed.
    select t.relnamespace, 'toast',
      case when h.relation is not null then x.relpages * current_setting('block_size')::bigint
        else pg_relation_size(x.oid) end
    from pg_class t
    join pg_index i on i.indrelid = t.reltoastrelid
    join pg_class x on x.oid = i.indexrelid
    left join (select distinct l.relation from pg_locks l where l.mode = 'AccessExclusiveLock') h on h.relation = x.oid
    where t.relkind in ('r', 'm')
  ) r
  group by 1
)
select n.nspname::text as schema, null::text as table, k.id as tenant, k.state, m.tables, m.indexes,
  m.table_bytes + m.index_bytes + m.toast_bytes as bytes,
  m.table_bytes as "tableBytes",
  m.index_bytes as "indexBytes",
  m.toast_bytes as "toastBytes"
from measured m
join pg_namespace n on n.oid = m.schema_oid and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
left join tenantry.monitor_tenants k on k.schema_oid = n.oid
order by bytes desc, 1
