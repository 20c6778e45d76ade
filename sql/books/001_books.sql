-- The books: what decides about tenants. The owner's alone (no other role may use schema tenantry).

create table tenantry.settings (
  name text primary key,
  value text not null,
  updated_at timestamptz not null default now()
);
comment on table tenantry.settings is 'Facts about this database, such as which one it is';

create table tenantry.migrations (
  area text not null check (area in ('books', 'central', 'parametros', 'shared', 'tenant')),
  number integer not null check (number > 0),
  name text not null,
  checksum text not null check (checksum ~ '^[0-9a-f]{64}$'),
  first_applied_at timestamptz not null default now(),
  primary key (area, number)
);
comment on table tenantry.migrations is 'Every migration file that ever ran here: it may not change any more';
comment on column tenantry.migrations.checksum is 'SHA-256 of the file, with line ends as LF';

create table tenantry.shapes (
  fingerprint text primary key,
  objects text[] not null
);
comment on table tenantry.shapes is 'What a tenant''s schema holds after its migrations; tenants of one version share a row';

create table tenantry.registry (
  id text primary key check (id ~ '^[a-z][a-z0-9_]{0,47}$'),
  key text not null unique,
  schema_name text not null unique check (schema_name = 'tenant_' || id),
  schema_oid oid not null unique,
  company text not null check (company <> ''),
  state text not null check (state in ('active', 'suspended', 'retired')),
  isolation text not null check (isolation in ('shared', 'strict')),
  pin integer check (pin > 0),
  version integer not null default 0 check (version >= 0),
  fingerprint text references tenantry.shapes (fingerprint),
  stack text not null,
  managed_by text not null default 'stack',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table tenantry.registry is 'The tenants. One is ours when its row, its schema''s oid and its schema''s comment agree';
comment on column tenantry.registry.key is 'Value of the partition key: the id at creation, never changed';
comment on column tenantry.registry.pin is 'The migration it is held at; null for the newest';
comment on column tenantry.registry.version is 'The last migration that ran';
comment on column tenantry.registry.fingerprint is 'What its schema should hold';
comment on column tenantry.registry.stack is 'Whose tenant it is: <project>/<stack>';
comment on column tenantry.registry.managed_by is 'What declares it; ''stack'' is an entry in the stack''s settings';

create index registry_behind on tenantry.registry (stack, version) where state <> 'retired';

create table tenantry.ledger (
  entry bigint generated always as identity primary key,
  area text not null,
  number integer not null,
  tenant_key text references tenantry.registry (key) on delete cascade,
  applied_at timestamptz not null default now(),
  duration interval not null,
  foreign key (area, number) references tenantry.migrations (area, number),
  unique nulls not distinct (area, tenant_key, number),
  check ((area = 'tenant') = (tenant_key is not null))
);
comment on table tenantry.ledger is 'Which migration ran where, and when; name and checksum are in tenantry.migrations';
create index ledger_tenant_key on tenantry.ledger (tenant_key);

create table tenantry.archives (
  archive bigint generated always as identity primary key,
  tenant_id text not null,
  tenant_key text not null,
  schema_name text not null,
  version integer not null,
  location text not null,
  bytes bigint not null check (bytes >= 0),
  checksum text not null,
  row_counts jsonb not null,
  created_at timestamptz not null default now(),
  verified_at timestamptz
);
comment on table tenantry.archives is 'Backups of single tenants';
comment on column tenantry.archives.verified_at is 'When a restore of it gave the same rows; null until then';
create index archives_tenant_key on tenantry.archives (tenant_key, created_at desc);

create table tenantry.tombstones (
  tombstone bigint generated always as identity primary key,
  tenant_id text not null,
  tenant_key text not null,
  schema_name text not null,
  company text not null,
  stack text not null,
  version integer not null,
  created_at timestamptz not null,
  removed_at timestamptz not null default now(),
  removed_by text not null default session_user,
  archive bigint references tenantry.archives (archive)
);
comment on table tenantry.tombstones is 'The tenants that were removed';

-- What a schema holds, an object a line, without the schema's name: two tenants of one version give the same lines.
-- Relations are found through pg_depend, since pg_class has no index by schema.
create function tenantry.schema_objects(schema_oid oid) returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
begin atomic
  with relations as (
    select c.oid, c.relname, c.relkind
    from pg_depend d
    join pg_class c on c.oid = d.objid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_namespace'::regclass
      and d.refobjid = schema_objects.schema_oid and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  ),
  lines as (
    select format('%s %s', case r.relkind
      when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
      when 'f' then 'foreign table' else 'table' end, r.relname) as line
    from relations r
    union all
    select format('column %s.%s %s%s', r.relname, a.attname,
      replace(format_type(a.atttypid, a.atttypmod), quote_ident(n.nspname) || '.', ''),
      case when a.attnotnull then ' not null' end)
    from relations r
    join pg_namespace n on n.oid = schema_objects.schema_oid
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    where r.relkind <> 'S'
    union all
    select format('%sindex %s on %s', case when not i.indisvalid then 'invalid ' end, x.relname, r.relname)
    from relations r
    join pg_index i on i.indrelid = r.oid
    join pg_class x on x.oid = i.indexrelid
    union all
    select format('constraint %s on %s', c.conname, r.relname)
    from relations r
    join pg_constraint c on c.conrelid = r.oid
    union all
    select format('trigger %s on %s', t.tgname, r.relname)
    from relations r
    join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all
    select format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid))
    from pg_depend d
    join pg_proc p on p.oid = d.objid
    where d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_namespace'::regclass
      and d.refobjid = schema_objects.schema_oid
  )
  select coalesce(array_agg(line order by line), '{}') from lines;
end;
comment on function tenantry.schema_objects(oid) is 'The tables, columns, indexes, constraints, triggers and functions of a schema';
revoke all on function tenantry.schema_objects(oid) from public;
