-- Who did what to which tenant. Applications may add and read, and nothing else.

create table central.audit_log (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default now(),
  actor text not null default session_user,
  action text not null check (action <> ''),
  tenant_id text,
  before jsonb,
  after jsonb,
  run_id text
);
comment on table central.audit_log is 'What was done to tenants, and by whom; rows are never changed';
comment on column central.audit_log.actor is 'The role that logged in';
comment on column central.audit_log.tenant_id is 'No foreign key: the entries outlive the tenant';
comment on column central.audit_log.run_id is 'The run that did it, where one is known';

create index idx_audit_created on central.audit_log (created_at desc);
create index audit_log_tenant on central.audit_log (tenant_id, created_at desc);

-- Only the columns that say what was done: when, and who did it, is not for the writer to choose.
revoke insert, update, delete on central.audit_log from :"app";
grant insert (action, tenant_id, before, after, run_id) on central.audit_log to :"app";
