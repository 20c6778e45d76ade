-- Who reaches the rows of the shared tables, and what holds them back. $1 the partition key, $2 the owner, $3 the
-- backup role, $4 the application's role.
with shared_tables as (
  select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl
  from pg_class c
  join pg_partitioned_table t on t.partrelid = c.oid
  where c.relnamespace = 'shared'::regnamespace and not c.relispartition
),
-- Views of views, too.
views as (
  with recursive above as (
    select t.oid as shared_table, t.oid from shared_tables t
    union
    select a.shared_table, r.ev_class
    from above a
    join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.oid and d.classid = 'pg_rewrite'::regclass
    join pg_rewrite r on r.oid = d.objid and r.ev_class <> a.oid
  )
  select a.shared_table, c.oid, c.relacl,
    c.relkind = 'v' and coalesce(c.reloptions && '{security_invoker=true,security_invoker=on,security_invoker=1,security_invoker=yes}', false)
      as as_reader
  from above a
  join pg_class c on c.oid = a.oid and c.oid <> a.shared_table
)
select
  t.relname as name,
  t.relrowsecurity as "hasSecurity",
  t.relforcerowsecurity as "isForced",
  exists (
    select
    from pg_attrdef d
    join pg_attribute k on k.attrelid = d.adrelid and k.attnum = d.adnum and k.attname = $1
    where d.adrelid = t.oid and pg_get_expr(d.adbin, d.adrelid) = e.current
  ) as "hasDefault",
  (
    select count(distinct x.privilege_type) = 4
    from aclexplode(t.relacl) x
    where pg_get_userbyid(x.grantee) = $4 and x.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  ) as "isOpen",
  coalesce((
    select json_agg(json_build_object('name', p.polname,
      'isOwn', p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
        and pg_get_expr(p.polqual, p.polrelid) = e.condition
        and coalesce(pg_get_expr(p.polwithcheck, p.polrelid), e.condition) = e.condition,
      'isHarmless', not p.polpermissive or (
        select bool_and(pg_get_userbyid(r) in ($2, $3)) from unnest(p.polroles) r
      )) order by p.polname)
    from pg_policy p
    where p.polrelid = t.oid
  ), '[]') as policies,
  coalesce((
    select json_agg(g.line order by g.line)
    from (
      select format('%s has %s on shared.%I', case x.grantee when 0 then 'everybody' else pg_get_userbyid(x.grantee) end,
        lower(x.privilege_type), t.relname) as line
      from aclexplode(t.relacl) x
      where pg_get_userbyid(x.grantee) <> $2 and x.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
      union all
      select format('%s has %s on %I.%I', case x.grantee when 0 then 'everybody' else pg_get_userbyid(x.grantee) end,
        lower(x.privilege_type), n.nspname, c.relname)
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
      join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) x
      where i.inhparent = t.oid and pg_get_userbyid(x.grantee) <> $2
      union all
      select format('%s has %s on %s, which reads with its owner''s rights',
        case x.grantee when 0 then 'everybody' else pg_get_userbyid(x.grantee) end, lower(x.privilege_type), v.oid::regclass)
      from views v, aclexplode(v.relacl) x
      where v.shared_table = t.oid and not v.as_reader and pg_get_userbyid(x.grantee) <> $2
    ) g
  ), '[]') as passes
from shared_tables t,
  (select 'NULLIF(current_setting(''app.current_tenant''::text, true), ''''::text)' as current) c,
  lateral (select c.current, format('(%I = %s)', $1::text, c.current) as condition) e
order by t.relname
