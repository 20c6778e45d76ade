-- The audit log, the newest first. $1 a tenant's id, $2 since when, $3 an action (each null for all), $4 at most so many.
select
  l.id::float8 as id,
  l.created_at as "createdAt",
  l.actor,
  l.action,
  l.tenant_id as tenant,
  l.before,
  l.after,
  l.run_id as run
from central.audit_log l
where ($1::text is null or l.tenant_id = $1)
  and ($2::timestamptz is null or l.created_at >= $2)
  and ($3::text is null or l.action = $3)
order by l.created_at desc, l.id desc
limit $4
