-- Rights on the database, on the shared schemas and on schema public, and the default privileges of the shared
-- schemas; those of owners left out. $1 the shared schemas, $2 the owner.
with acls as (
  select 'database' as on, d.datname as name, coalesce(d.datacl, acldefault('d', d.datdba)) as acl, d.datdba as owner
  from pg_database d
  where d.datname = current_database()
  union all
  select 'schema', n.nspname, coalesce(n.nspacl, acldefault('n', n.nspowner)), n.nspowner
  from pg_namespace n
  where n.nspname = any($1::text[]) or n.nspname = 'public'
  union all
  select case a.defaclobjtype when 'r' then 'new tables' when 'S' then 'new sequences' when 'f' then 'new functions'
    when 'T' then 'new types' else 'new schemas' end, n.nspname, a.defaclacl, a.defaclrole
  from pg_default_acl a
  join pg_namespace n on n.oid = a.defaclnamespace and n.nspname = any($1::text[])
  where pg_get_userbyid(a.defaclrole) = $2
)
select a.on, a.name, lower(x.privilege_type) as privilege,
  case when x.grantee = 0 then 'public' else pg_get_userbyid(x.grantee)::text end as grantee
from acls a, aclexplode(a.acl) x
-- An administrator who is no superuser has to be let in.
where x.grantee = 0
  or (x.grantee <> a.owner and pg_get_userbyid(x.grantee) not in ($2, session_user))
order by 1, 2, 4, 3
