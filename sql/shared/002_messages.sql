create table shared.messages (
  id uuid not null default gen_random_uuid(),
  :"partition_key" text not null,
  conversation_id uuid not null,
  author text not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (id, :"partition_key")
) partition by list (:"partition_key");
comment on table shared.messages is 'Messages of conversations, partitioned by tenant';
comment on column shared.messages.conversation_id is 'A conversation of the same tenant';
create index messages_conversation on shared.messages (conversation_id, created_at);

create table shared.messages_default partition of shared.messages default;
comment on table shared.messages_default is 'Messages of tenants that have no partition yet';
