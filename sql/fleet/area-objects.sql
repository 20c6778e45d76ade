-- What the schemas of areas hold, with every right given on it in SQL's own words, and what was written down after
-- the area's last migration. $1 the areas, $2 the owner.
with areas as (
  select a.area, n.oid, n.nspname
  from unnest($1::text[]) a (area)
  join pg_namespace n on n.nspname = case a.area when 'books' then 'tenantry' else a.area end
),
-- Relations are found through pg_depend, whose index makes this independent of the number of tenants.
relations as materialized (
  select a.area, a.nspname, c.oid, c.relname, c.relkind, c.relacl, c.relowner
  from areas a
  join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_namespace'::regclass
    and d.refobjid = a.oid
  join pg_class c on c.oid = d.objid
),
acls as (
  select r.area, format('%s %I.%I', case r.relkind when 'S' then 'sequence' else 'table' end, r.nspname, r.relname)
    as place, '' as columns, r.relacl as acl, r.relowner as owner
  from relations r
  where r.relacl is not null
  union all
  select r.area, format('table %I.%I', r.nspname, r.relname), format(' (%I)', t.attname), t.attacl, r.relowner
  from relations r
  join pg_attribute t on t.attrelid = r.oid and t.attacl is not null
  union all
  select a.area, format('function %I.%I(%s)', a.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), '',
    coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner
  from areas a
  join pg_proc p on p.pronamespace = a.oid
),
lines as (
  select a.area, o.line
  from areas a
  join tenantry.schema_objects((select array_agg(oid) from areas)) s on s.schema_oid = a.oid,
    unnest(s.objects) o (line)
  union all
  select a.area, format('grant %s%s on %s to %s', lower(x.privilege_type), a.columns, a.place,
    case when x.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end)
  from acls a, aclexplode(a.acl) x
  -- What belongs to somebody else is told apart, and its owner's rights come with it.
  where x.grantee = 0 or (x.grantee <> a.owner and pg_get_userbyid(x.grantee) <> $2)
)
select a.area, coalesce((select json_agg(l.line) from lines l where l.area = a.area), '[]') as objects,
  (
    select to_json(s.objects)
    from tenantry.areas k
    join tenantry.shapes s on s.fingerprint = k.fingerprint
    where k.area = a.area
  ) as expected
from areas a
order by a.area
