-- $1 action, $2 tenant's id or null, $3 before, $4 after, $5 run id.
insert into central.audit_log (action, tenant_id, before, after, run_id) values ($1, $2, $3, $4, $5)
