-- The sessions in this database: who runs what, how long, and in which tenants' schemas it holds locks, which says
-- whose rows it works on. The text of a query may hold data.
with touched as (
  select l.pid, array_agg(distinct t.id order by t.id) as tenants
  from pg_locks l
  join pg_class c on c.oid = l.relation
  join tenantry.monitor_tenants t on t.schema_oid = c.relnamespace
  where l.database = (select d.oid from pg_database d where d.datname = current_database())
  group by l.pid
)
select
  a.pid,
  a.usename::text as role,
  a.application_name as application,
  host(a.client_addr) as client,
  a.backend_type as kind,
  a.state,
  case when a.wait_event_type is not null then a.wait_event_type || ': ' || a.wait_event end as wait,
  extract(epoch from clock_timestamp()
    - case when a.state = 'active' then a.query_start else a.state_change end)::float8 as seconds,
  extract(epoch from clock_timestamp() - a.xact_start)::float8 as "transactionSeconds",
  coalesce(t.tenants, '{}') as tenants,
  left(a.query, 4000) as query
from pg_stat_activity a
left join touched t on t.pid = a.pid
where a.datname = current_database() and a.pid <> pg_backend_pid()
order by a.state = 'idle', seconds desc nulls last, a.pid
