-- What a tenant's schema holds, what it should hold, and who may do what there. $1 the schema's oid, $2 its owner.
-- Relations are found through pg_depend, whose index makes this independent of the number of tenants.
with relations as (
  select c.*, case c.relkind
    when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized view'
    when 'S' then 'sequence' when 'f' then 'foreign table' end as kind
  from pg_depend d
  join pg_class c on c.oid = d.objid
  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_namespace'::regclass and d.refobjid = $1::oid
    and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
),
rights as (
  select 'schema' as place, x.grantee, x.privilege_type
  from pg_namespace n, aclexplode(n.nspacl) x
  where n.oid = $1::oid
  union all
  select case a.defaclobjtype when 'r' then 'new tables' when 'S' then 'new sequences' else 'new objects' end,
    x.grantee, x.privilege_type
  from pg_default_acl a, aclexplode(a.defaclacl) x
  where a.defaclnamespace = $1::oid
  union all
  select format('%s %s', r.kind, r.relname), x.grantee, x.privilege_type
  from relations r, aclexplode(r.relacl) x
),
memberships as (
  select g.rolname as role, u.rolname as member, m.inherit_option, m.set_option
  from pg_namespace n
  join pg_roles t on t.rolname = n.nspname
  join pg_auth_members m on t.oid in (m.roleid, m.member) and (m.inherit_option or m.set_option)
  join pg_roles g on g.oid = m.roleid
  join pg_roles u on u.oid = m.member
  -- An administrator who is no superuser may be a member of the roles it made.
  where n.oid = $1::oid and u.rolname <> session_user
),
named as (
  select place, lower(privilege_type) as privilege,
    case when grantee = 0 then 'public' else pg_get_userbyid(grantee)::text end as grantee
  from rights
)
select
  tenantry.schema_objects($1::oid) as objects,
  (
    select s.objects
    from tenantry.registry r
    join tenantry.shapes s on s.fingerprint = r.fingerprint
    where r.schema_oid = $1::oid
  ) as expected,
  (
    select coalesce(array_agg(line), '{}')
    from (
      select format('%s on %s to %s', privilege, place, grantee) as line from named where grantee <> $2
      union all
      select format('inherit on role %s to %s', role, member) from memberships where inherit_option
      union all
      select format('set on role %s to %s', role, member) from memberships where set_option
    ) lines
  ) as rights,
  (
    select coalesce(jsonb_agg(jsonb_build_object('role', role, 'member', member)), '[]') from memberships
  ) as memberships,
  (select coalesce(array_agg(distinct grantee), '{}') from named where grantee <> $2) as grantees,
  (
    select coalesce(array_agg(format('%s %s belongs to %s', kind, relname, pg_get_userbyid(relowner))), '{}')
    from relations
    where pg_get_userbyid(relowner) <> $2
  ) as strangers
