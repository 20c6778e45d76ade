-- All that the books know of an id. A rename is in the audit log, where an application may write, too: it counts when
-- the key it names is that of a tenant. $1 the id.
select
  (
    select json_build_object('state', r.state, 'version', r.version, 'stack', r.stack, 'failure', f.message)
    from tenantry.registry r
    left join tenantry.migration_failures f on f.tenant_key = r.key
    where r.id = $1
  ) as registry,
  exists (select from pg_namespace n where n.nspname = 'tenant_' || $1) as "schemaIsThere",
  (
    select r.id
    from tenantry.registry r
    where r.id <> $1 and (r.key = $1 or r.key in (
      select l.after ->> 'key'
      from central.audit_log l
      where l.action = 'tenant.renamed' and l.before ->> 'id' = $1
    ))
    order by r.created_at
    limit 1
  ) as "renamedTo",
  (
    select json_build_object(
      'removedAt', to_char(t.removed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'),
      'archive', a.location)
    from tenantry.tombstones t
    left join tenantry.archives a on a.archive = t.archive
    where t.tenant_id = $1
    order by t.tombstone desc
    limit 1
  ) as tombstone,
  (select coalesce(json_agg(r.id order by r.id), '[]') from tenantry.registry r) as ids
