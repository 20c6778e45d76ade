-- The tenants as applications see them: kept from tenantry.registry, and never read for a decision.

create table central.tenants (
  id text primary key,
  schema_name text not null unique,
  company_name text not null,
  created_at timestamptz not null,
  active boolean not null
);
comment on table central.tenants is 'The tenants, for applications; kept from tenantry.registry by a trigger';
comment on column central.tenants.active is 'Whether the tenant may be used: false while suspended or retired';

create function central.keep_tenants() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'DELETE' then
    delete from central.tenants where id = old.id;
    return null;
  end if;
  insert into central.tenants as kept (id, schema_name, company_name, created_at, active)
  values (new.id, new.schema_name, new.company, new.created_at, new.state = 'active')
  on conflict (id) do update
    set schema_name = excluded.schema_name,
      company_name = excluded.company_name,
      created_at = excluded.created_at,
      active = excluded.active
    where (kept.schema_name, kept.company_name, kept.created_at, kept.active)
      is distinct from (excluded.schema_name, excluded.company_name, excluded.created_at, excluded.active);
  return null;
end
$$;
revoke all on function central.keep_tenants() from public;

create trigger keep_tenants
after insert or update or delete on tenantry.registry
for each row execute function central.keep_tenants();

revoke insert, update, delete on central.tenants from :"app";
grant select on central.tenants to :"user";

create function central.schema_size(schema_name text) returns bigint
language sql
stable
set search_path = pg_catalog, pg_temp
return (
  select coalesce(sum(pg_total_relation_size(c.oid)), 0)
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = schema_name and c.relkind in ('r', 'm')
);
comment on function central.schema_size(text) is 'Bytes of a schema''s tables, with their indexes and TOAST';
