-- How a tenant began, so that an interrupted clone is never finished as another one; and since when it is retired.
alter table tenantry.registry add column clone jsonb, add column retired_at timestamptz;
comment on column tenantry.registry.clone is 'What it was copied from, and which data: {"from": ..., "data": ...}; null when it was not';
comment on column tenantry.registry.retired_at is 'Since when it is retired: never before what the books knew then, whatever the clock said';

-- For one that is retired already, the latest change of its row: too late rather than too early.
update tenantry.registry set retired_at = updated_at where state = 'retired';

alter table tenantry.registry add check ((state = 'retired') = (retired_at is not null));
