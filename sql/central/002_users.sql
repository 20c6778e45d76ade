-- The people who log in. Row level security is optional: see row-level-security/.

create table central.users (
  id bigint generated always as identity primary key,
  tenant_id text not null references central.tenants (id) on delete cascade,
  email text not null check (email = lower(email) and email like '%_@_%'),
  full_name text not null,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  unique (tenant_id, email)
);
comment on table central.users is 'The users of every tenant';
comment on column central.users.email is 'In lower case; one person may be a user of several tenants';

create index idx_users_active on central.users (email) where active = true;

-- Before login no tenant is known yet, so that under row level security nobody could look a user up.
create function central.find_users(login_email text)
returns table (id bigint, tenant_id text, full_name text)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select u.id, u.tenant_id, u.full_name
  from central.users u
  join central.tenants t on t.id = u.tenant_id
  where u.email = lower(login_email) and u.active = true and t.active;
end;
comment on function central.find_users(text) is 'For login: the active users with this e-mail, of active tenants';
revoke all on function central.find_users(text) from public;
grant execute on function central.find_users(text) to :"app", :"user";
