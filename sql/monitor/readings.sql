-- How large the fleet was, the oldest reading first. `npx tenantry status --record` keeps them. Bytes.
select
  r.taken_at as "takenAt",
  r.database_bytes::float8 as "databaseBytes",
  r.data_bytes::float8 as "dataBytes",
  r.index_bytes::float8 as "indexBytes",
  r.connections,
  r.max_connections as "maxConnections",
  r.states,
  r.versions
from tenantry.monitor_readings r
order by r.taken_at
