-- How each tenant grew from one reading to the newest, the most first. After
--   select set_config('tenantry.since', '2026-11-01', false);
-- from the first reading since then; otherwise from the oldest there is. Null before: it was not there yet. Bytes.
with readings as (
  select min(r.taken_at) as first, max(r.taken_at) as last
  from tenantry.monitor_readings r
  where r.taken_at >= coalesce(nullif(current_setting('tenantry.since', true), '')::timestamptz, '-infinity')
),
measured as (
  select r.taken_at, m.key, m.data, m.indexes
  from readings d
  join tenantry.monitor_readings r on r.taken_at in (d.first, d.last)
  cross join unnest(r.tenant_keys, r.tenant_data_bytes, r.tenant_index_bytes) m (key, data, indexes)
)
select t.id as tenant, t.state, d.first as "firstAt", d.last as "lastAt",
  (f.data + f.indexes)::float8 as "firstBytes",
  (l.data + l.indexes)::float8 as bytes,
  l.data::float8 as "dataBytes",
  l.indexes::float8 as "indexBytes",
  (l.data + l.indexes - coalesce(f.data + f.indexes, 0))::float8 as "grownBytes"
from readings d
join measured l on l.taken_at = d.last
join tenantry.monitor_tenants t on t.key = l.key
left join measured f on f.taken_at = d.first and f.key = l.key
order by "grownBytes" desc, bytes desc, tenant
