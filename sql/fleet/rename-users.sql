-- Moves the users of a tenant to its new id, which the registry's trigger has put into central.tenants. $1 the old one,
-- $2 the new one.
update central.users set tenant_id = $2 where tenant_id = $1
