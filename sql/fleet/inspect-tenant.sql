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
      'isolation', r.isolation, 'pin', r.pin, 'version', r.version, 'stack', r.stack, 'clone', r.clone,
      'retiredAt', r.retired_at)
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
  -- Looked up one by one: joined, PostgreSQL would read the whole catalog before its tables are analyzed.
  (
    select coalesce(jsonb_agg(jsonb_build_object(
      'name', t.name,
      'defaultSchema', (
        select n.nspname from pg_class c, pg_namespace n where c.oid = t.partdefid and n.oid = c.relnamespace
      ),
      'defaultName', (select c.relname from pg_class c where c.oid = t.partdefid),
      'mayHaveOrphans', coalesce(pg_relation_size(nullif(t.partdefid, 0)), 0) > 0,
      'attached', exists (
        select
        from pg_inherits i
        where i.inhparent = t.partrelid and i.inhrelid = (
          select c.oid from pg_class c where c.relname = t.name and c.relnamespace = (select s.oid from space s)
        )
      ),
      'detached', exists (
        select
        from pg_class c
        where c.relname = t.name and c.relkind = 'r' and not c.relispartition
          and c.relnamespace = (select s.oid from space s)
      ),
      'columns', (
        select jsonb_agg(a.attname order by a.attnum)
        from pg_attribute a
        where a.attrelid = t.partrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      )) order by t.name), '[]')
    from (
      select partrelid, partdefid, (select c.relname from pg_class c where c.oid = partrelid) as name
      from pg_partitioned_table
      where partstrat = 'l' and partnatts = 1
        and (select c.relnamespace from pg_class c where c.oid = partrelid) = 'shared'::regnamespace
        and (select a.attname from pg_attribute a where a.attrelid = partrelid and a.attnum = partattrs[0]) = $2
    ) t
  ) as "sharedTables"
