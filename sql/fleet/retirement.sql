-- When a tenant was retired, and what time it is. $1 the stack, $2 the tenant's id.
select id, retired_at as "retiredAt", now() as now
from tenantry.registry
where stack = $1 and id = $2 and retired_at is not null
