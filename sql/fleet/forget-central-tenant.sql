-- Takes a tenant's old id out of the applications' list. $1 the id.
delete from central.tenants where id = $1
