-- All that an application may ask of the registry: why a tenant's scope could not be opened.

create function central.tenant_standing(tenant_id text)
returns table (state text, isolation text, key text, renamed_to text)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select r.state, r.isolation, r.key, nullif(r.id, tenant_standing.tenant_id)
  from tenantry.registry r
  where r.id = tenant_standing.tenant_id
    or r.key = (
      -- A tombstone with the key of a living tenant tells that it was renamed.
      select t.tenant_key
      from tenantry.tombstones t
      where t.tenant_id = tenant_standing.tenant_id
      order by t.tombstone desc
      limit 1
    )
  order by r.id = tenant_standing.tenant_id desc
  limit 1;
end;
comment on function central.tenant_standing(text) is 'Of one tenant: its state, its isolation, its partition key, and its new id when it was renamed; no row when it is not there';
revoke all on function central.tenant_standing(text) from public;
grant execute on function central.tenant_standing(text) to :"user";
