-- What stands around a migration of one tenant when the whole goes to the server in one text.

create function tenantry.enter_tenant(tenant_id text, of_stack text, at_version integer, mark text, lock bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not pg_try_advisory_xact_lock(lock) then
    raise exception 'tenant % is in use', tenant_id using errcode = 'lock_not_available';
  end if;
  perform from tenantry.registry r
  join pg_namespace n on n.oid = r.schema_oid and n.nspname = r.schema_name
  join pg_description d on d.objoid = n.oid and d.classoid = 'pg_namespace'::regclass and d.objsubid = 0
  where r.id = tenant_id and r.stack = of_stack and r.version = at_version and r.state <> 'retired'
    and coalesce(r.pin > at_version, true) and d.description = mark;
  if not found then
    raise exception 'tenant % is not at version % any more', tenant_id, at_version;
  end if;
end
$$;
comment on function tenantry.enter_tenant(text, text, integer, text, bigint) is 'Locks a tenant for a transaction and makes sure that it is ours, and at a version';
revoke all on function tenantry.enter_tenant(text, text, integer, text, bigint) from public;

create function tenantry.leave_tenant(of_id text, step integer, file text, digest text, shape text, run text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  of_key text;
begin
  update tenantry.registry r
  set version = step, fingerprint = shape, updated_at = now()
  where r.id = of_id
  returning r.key into of_key;
  perform from tenantry.migrations m
  where m.area = 'tenant' and m.number = step and m.name = file and m.checksum = digest;
  if not found then
    raise exception 'migration % ran as another file', step;
  end if;
  insert into tenantry.ledger (area, number, tenant_key, duration)
  values ('tenant', step, of_key, clock_timestamp() - now());
  insert into central.audit_log (action, tenant_id, before, after, run_id)
  values ('tenant.migrated', of_id, jsonb_build_object('version', step - 1), jsonb_build_object('version', step), run);
end
$$;
comment on function tenantry.leave_tenant(text, integer, text, text, text, text) is 'Writes down that a tenant''s migration ran, and what its schema should hold now';
revoke all on function tenantry.leave_tenant(text, integer, text, text, text, text) from public;
