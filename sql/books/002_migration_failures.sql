-- What keeps a tenant at its last good version. A row goes when the tenant gets further.

create table tenantry.migration_failures (
  tenant_key text primary key references tenantry.registry (key) on delete cascade,
  number integer check (number > 0),
  message text not null,
  attempts integer not null default 1,
  failed_at timestamptz not null default now()
);
comment on table tenantry.migration_failures is 'The last error of each tenant that a migration failed for';
comment on column tenantry.migration_failures.number is 'The migration that failed; null when it was a partition of a shared table';
comment on column tenantry.migration_failures.attempts is 'How often it failed at this migration';
