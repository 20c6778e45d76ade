-- What schemas hold, in enough detail that a changed default, index or constraint shows; for many schemas at once.

-- An object a line, `<kind> <name>: <definition>`, names quoted where SQL needs it and without the schema's own name:
-- two tenants of one version give the same lines. Left out are the partitions of shared tables, which follow their
-- parents, and invalid indexes, which nothing uses.
--
-- Made for a thousand schemas: relations are found through pg_depend, since pg_class has no index by schema, and what
-- takes PostgreSQL long to print (checks, keys, indexes) is printed once for all that are alike.
create function tenantry.schema_objects(schemas oid[]) returns table (schema_oid oid, objects text[])
language sql
stable
set search_path = pg_catalog, pg_temp
begin atomic
  with spaces as (
    select n.oid, n.nspname, quote_ident(n.nspname) || '.' as prefix
    from unnest(schemas) s (oid)
    join pg_namespace n on n.oid = s.oid
  ),
  relations as materialized (
    select s.oid as space, s.prefix, c.oid, quote_ident(c.relname) as name, c.relkind, c.relpersistence,
      c.relrowsecurity, c.relforcerowsecurity,
      -- The names that column numbers stand for.
      case when c.relkind <> 'S' then (
        select md5(string_agg(a.attname, '/' order by a.attnum))
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0
      ) end as layout
    from spaces s
    join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_namespace'::regclass
      and d.refobjid = s.oid
    join pg_class c on c.oid = d.objid
    where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
      and (s.nspname = 'shared' or c.relname <> all (array(
        select p.relname
        from pg_partitioned_table t
        join pg_class p on p.oid = t.partrelid
        join pg_namespace n on n.oid = p.relnamespace and n.nspname = 'shared'
      )))
  ),
  indexes as materialized (
    select r.space, r.prefix, r.name as table_name, r.layout, i.indexrelid, x.relname, x.relam, x.reloptions,
      i.indisunique, i.indnullsnotdistinct, i.indkey::text, i.indclass::text, i.indcollation::text,
      i.indoption::text, md5(i.indexprs::text) as expressions, md5(i.indpred::text) as predicate
    from relations r
    join pg_index i on i.indrelid = r.oid and i.indisvalid
    join pg_class x on x.oid = i.indexrelid
    -- One that belongs to a constraint is told with it.
    where case
      when i.indisprimary then false
      when i.indisunique or i.indisexclusion then not exists (
        select from pg_constraint k where k.conrelid = i.indrelid and k.conindid = i.indexrelid
      )
      else true end
  ),
  -- Spaces and prefixes are told beside: a join would have to guess how many rows there are.
  alike_indexes as materialized (
    select concat('index ', quote_ident(relname), ' on ', table_name, ': ', case when indisunique then 'unique ' end,
      substring(pg_get_indexdef(min(indexrelid)) from ' USING (.*)$')) as line,
      array_agg(space) as spaces, array_agg(prefix) as prefixes
    from indexes
    group by table_name, layout, relname, relam, reloptions, indisunique, indnullsnotdistinct, indkey, indclass,
      indcollation, indoption, expressions, predicate
  ),
  constraints as materialized (
    select r.space, r.prefix, r.name as table_name, r.layout, c.oid, c.conname, c.contype, c.convalidated,
      c.connoinherit, c.condeferrable, c.condeferred, c.conkey, md5(c.conbin::text) as expression,
      case when c.contype in ('p', 'u') then (
        select format('%s %s', i.indkey, i.indnullsnotdistinct) from pg_index i where i.indexrelid = c.conindid
      ) end as index_traits
    from relations r
    join pg_constraint c on c.conrelid = r.oid and c.contype <> 't'
  ),
  alike_constraints as materialized (
    select concat('constraint ', quote_ident(conname), ' on ', table_name, ': ', pg_get_constraintdef(min(oid)))
      as line, array_agg(space) as spaces, array_agg(prefix) as prefixes
    from constraints
    where contype in ('c', 'p', 'u')
    group by contype, table_name, layout, conname, convalidated, connoinherit, expression, conkey, condeferrable,
      condeferred, index_traits
  ),
  functions as (
    select s.oid as space, s.prefix, p.oid, p.proname, p.prokind
    from spaces s
    join pg_depend d on d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_namespace'::regclass
      and d.refobjid = s.oid
    join pg_proc p on p.oid = d.objid
  ),
  types as (
    select s.oid as space, s.prefix, t.oid, t.typname, t.typtype, t.typbasetype, t.typtypmod
    from spaces s
    join pg_depend d on d.classid = 'pg_type'::regclass and d.refclassid = 'pg_namespace'::regclass
      and d.refobjid = s.oid
    join pg_type t on t.oid = d.objid and t.typtype in ('e', 'd')
  ),
  lines as (
    select r.space, r.prefix, concat(
      case r.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
        when 'f' then 'foreign table' else 'table' end,
      ' ', r.name,
      case when r.relkind in ('v', 'm') then ': definition ' || md5(replace(pg_get_viewdef(r.oid), r.prefix, '')) end,
      case when r.relkind in ('r', 'p') and r.relpersistence = 'u' then ': unlogged' end) as line
    from relations r
    union all
    select r.space, r.prefix, concat('row level security on ', r.name,
      case when r.relforcerowsecurity then ': forced' end)
    from relations r
    where r.relrowsecurity
    union all
    select r.space, r.prefix, concat('column ', r.name, '.', quote_ident(a.attname), ': ',
      format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' end,
      case a.attidentity when 'a' then ' generated always as identity' when 'd' then
        ' generated by default as identity' end,
      case when a.atthasdef then (
        select case when a.attgenerated = 's'
          then format(' generated always as (%s) stored', pg_get_expr(e.adbin, e.adrelid))
          else ' default ' || pg_get_expr(e.adbin, 0) end
        from pg_attrdef e
        where e.adrelid = a.attrelid and e.adnum = a.attnum
      ) end)
    from relations r
    join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    where r.relkind <> 'S'
    union all
    select m.space, m.prefix, i.line
    from alike_indexes i, unnest(i.spaces, i.prefixes) m (space, prefix)
    union all
    select m.space, m.prefix, c.line
    from alike_constraints c, unnest(c.spaces, c.prefixes) m (space, prefix)
    union all
    select c.space, c.prefix,
      concat('constraint ', quote_ident(c.conname), ' on ', c.table_name, ': ', pg_get_constraintdef(c.oid))
    from constraints c
    where c.contype not in ('c', 'p', 'u')
    union all
    select r.space, r.prefix, concat('trigger ', quote_ident(t.tgname), ' on ', r.name, ': ',
      case when t.tgenabled = 'D' then 'disabled ' end, 'definition ',
      md5(replace(pg_get_triggerdef(t.oid), r.prefix, '')))
    from relations r
    join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all
    select r.space, r.prefix, concat('policy ', quote_ident(p.polname), ' on ', r.name, ': ', p.polcmd, ' using (',
      pg_get_expr(p.polqual, p.polrelid), ') with check (', pg_get_expr(p.polwithcheck, p.polrelid), ')')
    from relations r
    join pg_policy p on p.polrelid = r.oid
    union all
    select f.space, f.prefix, concat('function ', quote_ident(f.proname), '(',
      pg_get_function_identity_arguments(f.oid), ')',
      case when f.prokind <> 'a' then ': definition ' || md5(replace(pg_get_functiondef(f.oid), f.prefix, '')) end)
    from functions f
    union all
    select t.space, t.prefix, concat('type ', quote_ident(t.typname), ': ', case t.typtype
      when 'd' then format_type(t.typbasetype, t.typtypmod)
      else (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e
        where e.enumtypid = t.oid) end)
    from types t
  )
  select named.space, coalesce(array_agg(named.line order by named.line collate "C")
    filter (where named.line is not null), '{}')
  from (
    select l.space, replace(l.line, l.prefix, '') as line from lines l
    union all
    -- A schema without anything has a row, too.
    select s.oid, null from spaces s
  ) named
  group by named.space;
end;
comment on function tenantry.schema_objects(oid[]) is 'What schemas hold: tables, columns, indexes, constraints and so on';
revoke all on function tenantry.schema_objects(oid[]) from public;

-- What was written down in the form of before is kept where it is still true; elsewhere nobody can tell any more.
update tenantry.registry r
set fingerprint = null
where not exists (
  select
  from tenantry.shapes s
  where s.fingerprint = r.fingerprint and s.objects = tenantry.schema_objects(r.schema_oid)
);
drop function tenantry.schema_objects(oid);

with printed as materialized (
  select o.schema_oid, md5(array_to_string(o.objects, E'\n')) as fingerprint, o.objects
  from tenantry.schema_objects((select array_agg(schema_oid) from tenantry.registry where fingerprint is not null)) o
),
saved as (
  insert into tenantry.shapes (fingerprint, objects)
  select distinct on (fingerprint) fingerprint, objects from printed
  on conflict do nothing
)
update tenantry.registry r
set fingerprint = p.fingerprint
from printed p
where r.schema_oid = p.schema_oid;

-- The shared schemas have one shape each.
create table tenantry.areas (
  area text primary key check (area in ('books', 'central', 'parametros', 'shared')),
  fingerprint text not null references tenantry.shapes (fingerprint)
);
comment on table tenantry.areas is 'What the schema of each area holds after its last migration';

delete from tenantry.shapes s
where not exists (select from tenantry.registry r where r.fingerprint = s.fingerprint);
