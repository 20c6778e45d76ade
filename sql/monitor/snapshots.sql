-- The readings for the page, the oldest first: thirty at most, the first and the last among them, each with the bytes
-- of every tenant by its key.
with numbered as (
  select r.taken_at, row_number() over (order by r.taken_at) - 1 as place, count(*) over () - 1 as last
  from tenantry.monitor_readings r
)
select r.taken_at as "takenAt", r.database_bytes::float8 as "databaseBytes",
  (
    select coalesce(json_object_agg(m.key, m.data + m.indexes), '{}')
    from unnest(r.tenant_keys, r.tenant_data_bytes, r.tenant_index_bytes) m (key, data, indexes)
  ) as tenants
from numbered n
join tenantry.monitor_readings r using (taken_at)
-- Where the thirty steps from the first to the last fall.
where n.place = 0 or n.last < 30 or n.place * 29 / n.last > (n.place - 1) * 29 / n.last
order by r.taken_at
