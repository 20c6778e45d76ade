-- The tenants of a stack. $1 the stack.
select id from tenantry.registry where stack = $1 order by id
