-- The last run of some work over all tenants, when it did not come to its end: its number, when it began, and whom it
-- was done with. An application may write into the log, too; what counts is what this role wrote itself.
-- $1 the stack, $2 the work, $3 what is written for each tenant, $4 how long ago it may have begun.
select b.run_id as "runId", b.created_at as "begunAt", array(
  select distinct t.tenant_id
  from central.audit_log t
  where t.run_id = b.run_id and t.action = $3 and t.actor = b.actor and t.created_at >= b.created_at
) as done
from (
  select l.run_id, l.created_at, l.actor
  from central.audit_log l
  where l.action = 'maintenance.begun' and l.actor = session_user
    and l.after ->> 'stack' = $1 and l.after ->> 'work' = $2
    and l.created_at > now() - $4::interval
  order by l.id desc
  limit 1
) b
where b.run_id is not null and not exists (
  select
  from central.audit_log e
  where e.action = 'maintenance.ended' and e.actor = b.actor and e.run_id = b.run_id
    and e.created_at >= b.created_at
)
