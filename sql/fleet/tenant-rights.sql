-- Who may do what in tenants' schemas, a row a schema. $1 the schemas' oids, $2 their owner.
-- Relations are found through pg_depend, whose index makes one tenant independent of the number of the others.
with spaces as (
  select n.oid, n.nspname, n.nspacl from unnest($1::oid[]) s (oid) join pg_namespace n on n.oid = s.oid
),
relations as materialized (
  select s.oid as space, c.oid, c.relname, c.relacl, pg_get_userbyid(c.relowner) as owner, case c.relkind
    when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized view'
    when 'S' then 'sequence' when 'f' then 'foreign table' end as kind
  from spaces s
  join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_namespace'::regclass
    and d.refobjid = s.oid
  join pg_class c on c.oid = d.objid
  where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
),
rights as (
  select s.oid as space, 'schema' as place, s.nspacl as acl from spaces s
  union all
  select s.oid, case a.defaclobjtype when 'r' then 'new tables' when 'S' then 'new sequences' else 'new objects' end,
    a.defaclacl
  from spaces s
  join pg_default_acl a on a.defaclnamespace = s.oid
  union all
  select r.space, r.kind || ' ' || r.relname, r.relacl from relations r where r.relacl is not null
  union all
  select r.space, format('column %s.%s', r.relname, a.attname), a.attacl
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attacl is not null
),
-- Most places have the same rights: each list of rights is told once, with all places that have it.
alike as materialized (
  select space, acl, json_agg(place) as places from rights where acl is not null group by space, acl
),
named as materialized (
  select a.space, a.places, g.given
  from alike a, lateral (
    select json_agg(json_build_array(lower(x.privilege_type), n.name)) as given
    from aclexplode(a.acl) x,
      lateral (
        select case when x.grantee = 0 then 'public' else pg_get_userbyid(x.grantee)::text end as name
      ) n
    where n.name <> $2
  ) g
  where g.given is not null
),
memberships as materialized (
  select s.oid as space, g.rolname as role, u.rolname as member, m.inherit_option, m.set_option
  from spaces s
  join pg_roles t on t.rolname = s.nspname
  join pg_auth_members m on t.oid in (m.roleid, m.member) and (m.inherit_option or m.set_option)
  join pg_roles g on g.oid = m.roleid
  join pg_roles u on u.oid = m.member
  -- An administrator who is no superuser may be a member of the roles it made.
  where u.rolname <> session_user
)
select
  s.oid::text as oid,
  coalesce(n.given, '[]') as given,
  coalesce(m.memberships, '[]') as memberships,
  coalesce(r.relations, '[]') as relations,
  coalesce(r.strangers, '[]') as strangers
from spaces s
left join (
  select space, json_agg(json_build_object('places', places, 'rights', given)) as given
  from named
  group by 1
) n on n.space = s.oid
left join (
  select space, json_agg(json_build_object(
    'role', role, 'member', member, 'inherit', inherit_option, 'set', set_option)) as memberships
  from memberships
  group by 1
) m on m.space = s.oid
left join (
  select space, json_agg(kind || ' ' || relname) as relations,
    json_agg(json_build_object('kind', kind, 'name', relname, 'owner', owner)) filter (where owner <> $2) as strangers
  from relations
  group by 1
) r on r.space = s.oid
