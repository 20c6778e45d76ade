-- Gives a tenant another id in the registry; its key stays. $1 its id, $2 the new one. The old name keeps a tombstone
-- with the key of a living tenant, which tells that it was renamed.
with renamed as (
  update tenantry.registry
  set id = $2, schema_name = 'tenant_' || $2, updated_at = now()
  where id = $1
  returning *
)
insert into tenantry.tombstones (tenant_id, tenant_key, schema_name, company, stack, version, created_at)
select $1, key, 'tenant_' || $1, company, stack, version, created_at from renamed
