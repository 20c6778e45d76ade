-- All that is decided upon when a tenant is made, changed or removed. $1 its id.
-- Its partitions are told by sql/partitions/of-key.sql.
with space as (
  select n.oid, pg_get_userbyid(n.nspowner) as owner, obj_description(n.oid, 'pg_namespace') as comment
  from pg_namespace n
  where n.nspname = 'tenant_' || $1
)
select
  (select s.value from tenantry.settings s where s.name = 'database') as "knownDatabase",
  (select c.system_identifier from pg_control_system() c) || '/'
    || (select d.oid from pg_database d where d.datname = current_database()) as "thisDatabase",
  current_database() as "databaseName",
  (
    select jsonb_build_object(
      'id', r.id, 'key', r.key, 'schemaOid', r.schema_oid::text, 'company', r.company, 'state', r.state,
      'isolation', r.isolation, 'pin', r.pin, 'version', r.version, 'stack', r.stack, 'clone', r.clone,
      'retiredAt', r.retired_at, 'managedBy', r.managed_by)
    from tenantry.registry r
    where r.id = $1
  ) as registry,
  (
    select jsonb_build_object('oid', s.oid::text, 'owner', s.owner, 'comment', s.comment) from space s
  ) as schema,
  (
    select jsonb_build_object('comment', shobj_description(a.oid, 'pg_authid'))
    from pg_roles a
    where a.rolname = 'tenant_' || $1
  ) as role,
  (
    select coalesce(jsonb_agg(to_jsonb(m) order by m.number), '[]')
    from (select number, name, checksum from tenantry.migrations where area = 'tenant') m
  ) as migrations
