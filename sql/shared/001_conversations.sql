-- Tables partitioned by tenant. Each tenant's partition lives in that tenant's schema under the table's own name;
-- rows of tenants that are not there yet wait in the DEFAULT partition. No foreign keys between these tables:
-- moving a row out of DEFAULT would break them.

create table shared.conversations (
  id uuid not null default gen_random_uuid(),
  :"partition_key" text not null,
  topic text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (id, :"partition_key")
) partition by list (:"partition_key");
comment on table shared.conversations is 'Conversations, partitioned by tenant';
create index conversations_created on shared.conversations (created_at desc);

create table shared.conversations_default partition of shared.conversations default;
comment on table shared.conversations_default is 'Conversations of tenants that have no partition yet';
