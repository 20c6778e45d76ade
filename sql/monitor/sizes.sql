-- Bytes of each schema's tables, TOAST and indexes, largest first. After
--   select set_config('tenantry.schema', 'tenant_empresa_123', false);
-- the bytes of each table of that schema instead.
--
-- tenantry.monitor_relations says how a relation is measured. That is what takes time, most of all where files may not be
-- asked for; PostgreSQL shares it among its parallel workers as long as nothing but numbers is put together here, and
-- names come afterwards.
with wanted as (
  -- Null for all, 0 when there is none of that name any more.
  select case when s.name <> '' then coalesce(to_regnamespace(quote_ident(s.name))::oid, 0) end as schema_oid
  from current_setting('tenantry.schema', true) s (name)
),
measured as (
  select m.schema_oid,
    case when (select w.schema_oid from wanted w) is not null then m.table_oid end as table_oid,
    (count(*) filter (where m.kind = 'table'))::integer as tables,
    (count(*) filter (where m.kind = 'index'))::integer as indexes,
    coalesce(sum(m.bytes) filter (where m.kind = 'table'), 0)::float8 as table_bytes,
    coalesce(sum(m.bytes) filter (where m.kind = 'index'), 0)::float8 as index_bytes,
    coalesce(sum(m.bytes) filter (where m.kind = 'toast'), 0)::float8 as toast_bytes
  from tenantry.monitor_relations m
  where m.schema_oid = coalesce((select w.schema_oid from wanted w), m.schema_oid)
  group by 1, 2
)
select n.nspname::text as schema, c.relname::text as table, k.id as tenant, k.state, m.tables, m.indexes,
  m.table_bytes + m.index_bytes + m.toast_bytes as bytes,
  m.table_bytes as "tableBytes",
  m.index_bytes as "indexBytes",
  m.toast_bytes as "toastBytes"
from measured m
join pg_namespace n on n.oid = m.schema_oid and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
left join pg_class c on c.oid = m.table_oid
left join tenantry.monitor_tenants k on k.schema_oid = n.oid
order by bytes desc, 1, 2
