-- Bytes of each table of a schema, with its TOAST and indexes, largest first. Before it
--   select set_config('tenantry.schema', 'tenant_empresa_123', false);
-- Without a schema of that name there are none.
with measured as (
  select m.schema_oid, m.table_oid,
    (count(*) filter (where m.kind = 'table'))::integer as tables,
    (count(*) filter (where m.kind = 'index'))::integer as indexes,
    coalesce(sum(m.bytes) filter (where m.kind = 'table'), 0)::float8 as table_bytes,
    coalesce(sum(m.bytes) filter (where m.kind = 'index'), 0)::float8 as index_bytes,
    coalesce(sum(m.bytes) filter (where m.kind = 'toast'), 0)::float8 as toast_bytes
  from tenantry.monitor_relations m
  where m.schema_oid = (select to_regnamespace(quote_ident(current_setting('tenantry.schema', true)))::oid)
  group by 1, 2
)
select n.nspname::text as schema, c.relname::text as table, k.id as tenant, k.state, m.tables, m.indexes,
  m.table_bytes + m.index_bytes + m.toast_bytes as bytes,
  m.table_bytes as "tableBytes",
  m.index_bytes as "indexBytes",
  m.toast_bytes as "toastBytes"
from measured m
join pg_namespace n on n.oid = m.schema_oid and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
join pg_class c on c.oid = m.table_oid
left join tenantry.monitor_tenants k on k.schema_oid = n.oid
order by bytes desc, 1, 2
