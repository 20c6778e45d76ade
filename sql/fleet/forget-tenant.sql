-- Takes a tenant out of the registry (and with it its ledger and its row in central.tenants) and leaves a tombstone.
-- $1 its id, $2 the number of its archive.
with gone as (
  delete from tenantry.registry where id = $1 returning *
)
insert into tenantry.tombstones (tenant_id, tenant_key, schema_name, company, stack, version, created_at, archive)
select id, key, schema_name, company, stack, version, created_at, $2::bigint from gone
