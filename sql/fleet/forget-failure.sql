-- A tenant that is where it should be has no failure. $1 its key.
delete from tenantry.migration_failures where tenant_key = $1
