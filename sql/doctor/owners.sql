-- What belongs to another role than the owner: the database, the shared schemas and what is in them. $1 the shared
-- schemas, $2 the owner.
with spaces as (
  select n.oid, n.nspname, n.nspowner from pg_namespace n where n.nspname = any($1::text[])
),
owned as (
  select format('database %I', d.datname) as object, d.datdba as owner
  from pg_database d
  where d.datname = current_database()
  union all
  select format('schema %I', nspname), nspowner from spaces
  union all
  -- Extensions bring objects of whoever installed them.
  select format('table %I.%I', s.nspname, c.relname), c.relowner
  from spaces s
  join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_namespace'::regclass
    and d.refobjid = s.oid
  join pg_class c on c.oid = d.objid and c.relkind in ('r', 'p', 'v', 'm', 'f')
  where s.nspname <> 'extensions'
  union all
  select format('function %I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), p.proowner
  from spaces s
  join pg_proc p on p.pronamespace = s.oid
  where s.nspname <> 'extensions'
)
select object, pg_get_userbyid(owner) as owner from owned where pg_get_userbyid(owner) <> $2 order by 1
