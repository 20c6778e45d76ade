-- The tenants' schemas.
select t.schema_name as schema, t.id from tenantry.monitor_tenants t
