-- Writes down why a tenant stays where it is. $1 its id, $2 the stack, $3 the newest migration, $4 the message.
insert into tenantry.migration_failures as known (tenant_key, number, message)
select r.key, case when r.version < least(coalesce(r.pin, $3::integer), $3::integer) then r.version + 1 end, $4
from tenantry.registry r
where r.id = $1 and r.stack = $2
on conflict (tenant_key) do update
  set number = excluded.number,
    message = excluded.message,
    attempts = case when known.number is not distinct from excluded.number then known.attempts + 1 else 1 end,
    failed_at = excluded.failed_at
