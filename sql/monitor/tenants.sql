-- Every tenant, with how far its migrations are and how old its newest proven archive is.
select
  t.id,
  t.company,
  t.state,
  t.isolation,
  t.version,
  t.pin,
  t.failed_migration as "failedMigration",
  extract(epoch from clock_timestamp() - m.newest_proven)::float8 as "provenSeconds"
from tenantry.monitor_tenants t
left join tenantry.monitor_archives m on m.tenant_key = t.key
order by t.id
