-- All that is decided upon when a tenant is made, changed or removed. $1 its id, $2 the partition key.
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
      'isolation', r.isolation, 'pin', r.pin, 'version', r.version, 'stack', r.stack)
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
  ) as migrations,
  (
    select coalesce(jsonb_agg(jsonb_build_object(
      'name', p.relname,
      'defaultSchema', dn.nspname,
      'defaultName', d.relname,
      'mayHaveOrphans', coalesce(pg_relation_size(d.oid), 0) > 0,
      'attached', exists (
        select
        from pg_class c
        join pg_inherits i on i.inhrelid = c.oid and i.inhparent = p.oid
        join space s on s.oid = c.relnamespace
        where c.relname = p.relname
      ),
      'columns', (
        select jsonb_agg(a.attname order by a.attnum)
        from pg_attribute a
        where a.attrelid = p.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      )) order by p.relname), '[]')
    from pg_partitioned_table t
    join pg_class p on p.oid = t.partrelid
    join pg_namespace n on n.oid = p.relnamespace and n.nspname = 'shared'
    join pg_attribute k on k.attrelid = p.oid and k.attnum = t.partattrs[0] and k.attname = $2
    left join pg_class d on d.oid = t.partdefid
    left join pg_namespace dn on dn.oid = d.relnamespace
    where t.partstrat = 'l' and t.partnatts = 1
  ) as "sharedTables"
