-- How the fleet grew: readings that are kept, taken by the database itself.

create view tenantry.monitor_relations as
select t.relnamespace as schema_oid, t.oid as table_oid, t.relname as table_name, c.oid as relation_oid,
  case when o.oid is not null then 'toast' when c.relkind = 'i' then 'index' else 'table' end as kind,
  coalesce(case
    -- Looking at one that somebody holds exclusively would wait: it counts with its pages at the last VACUUM or ANALYZE.
    when h.relation is not null then c.relpages * current_setting('block_size')::bigint
    -- Null for one that was dropped meanwhile.
    else pg_relation_size(c.oid) end, 0) as bytes
from pg_class c
left join pg_index i on i.indexrelid = c.oid
left join pg_class o on o.reltoastrelid = coalesce(i.indrelid, c.oid) and o.reltoastrelid <> 0
join pg_class t on t.oid = coalesce(o.oid, i.indrelid, c.oid) and t.relkind in ('r', 'm')
left join (select distinct l.relation from pg_locks l where l.mode = 'AccessExclusiveLock') h on h.relation = c.oid
where c.relkind in ('r', 'm', 't', 'i');
comment on view tenantry.monitor_relations is 'Tables, their indexes and TOAST, each with the bytes of its main data: without the maps of free and visible space';

create table tenantry.readings (
  taken_at timestamptz primary key,
  database_bytes bigint not null,
  connections integer not null,
  max_connections integer not null,
  states jsonb not null,
  versions jsonb not null,
  data_bytes bigint not null,
  index_bytes bigint not null,
  tenant_keys text[] not null,
  tenant_data_bytes bigint[] not null,
  tenant_index_bytes bigint[] not null,
  check (cardinality(tenant_keys) = cardinality(tenant_data_bytes)
    and cardinality(tenant_keys) = cardinality(tenant_index_bytes))
);
comment on table tenantry.readings is 'How large the fleet was: the last reading of each of 48 hours and 400 days';
comment on column tenantry.readings.data_bytes is 'Of all tenants together: tables with their TOAST';
comment on column tenantry.readings.tenant_keys is 'The tenants, in one row of which the sizes are: ten thousand take less than 300 kB';

create view tenantry.monitor_readings as
select r.taken_at, r.database_bytes, r.connections, r.max_connections, r.states, r.versions, r.data_bytes,
  r.index_bytes, r.tenant_keys, r.tenant_data_bytes, r.tenant_index_bytes
from tenantry.readings r;
comment on view tenantry.monitor_readings is 'How large the fleet was, and each of its tenants';

-- Whoever calls it decides when, and nothing else: the values are measured here. One reading a minute, whoever else
-- takes one; the rest goes by number rather than by age, so that a clock gone wrong forgets nothing.
create function tenantry.record_reading() returns timestamptz
language sql
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into tenantry.readings
  select
    date_trunc('minute', now()),
    pg_database_size(current_database()),
    -- Who a session is of is told to everybody, what it does is not.
    (select count(*) from pg_stat_activity a where a.datid is not null and a.usesysid is not null),
    current_setting('max_connections')::integer,
    (select coalesce(jsonb_object_agg(s.state, s.tenants), '{}')
      from (select g.state, count(*) as tenants from tenantry.registry g group by g.state) s),
    (select coalesce(jsonb_object_agg(v.version, v.tenants), '{}')
      from (select g.version, count(*) as tenants from tenantry.registry g group by g.version) v),
    coalesce(sum(t.data), 0),
    coalesce(sum(t.indexes), 0),
    coalesce(array_agg(t.key order by t.key), '{}'),
    coalesce(array_agg(t.data order by t.key), '{}'),
    coalesce(array_agg(t.indexes order by t.key), '{}')
  from (
    select g.key, coalesce(sum(m.bytes) filter (where m.kind <> 'index'), 0)::bigint as data,
      coalesce(sum(m.bytes) filter (where m.kind = 'index'), 0)::bigint as indexes
    from tenantry.registry g
    left join tenantry.monitor_relations m on m.schema_oid = g.schema_oid
    group by g.key
  ) t
  on conflict (taken_at) do nothing;

  delete from tenantry.readings r
  where r.taken_at not in (
      select max(h.taken_at) from tenantry.readings h
      group by date_trunc('hour', h.taken_at, 'UTC') order by 1 desc limit 48
    ) and r.taken_at not in (
      select max(d.taken_at) from tenantry.readings d
      group by date_trunc('day', d.taken_at, 'UTC') order by 1 desc limit 400
    );

  select date_trunc('minute', now());
end;
comment on function tenantry.record_reading() is 'Keeps how large the fleet is now, and thins out what was kept before';
revoke all on function tenantry.record_reading() from public;

grant select on tenantry.monitor_relations, tenantry.monitor_readings to :"monitor";
grant execute on function tenantry.record_reading() to :"monitor";
