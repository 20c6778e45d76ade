-- Roles with their attributes, their memberships in both directions and the settings that were given to them.
-- $1 the names of the roles.
select
  r.rolname as name,
  r.rolcanlogin as login,
  r.rolsuper as superuser,
  r.rolcreatedb as "createDatabase",
  r.rolcreaterole as "createRole",
  r.rolbypassrls as "bypassRowLevelSecurity",
  r.rolreplication as replication,
  (
    select coalesce(json_agg(g.rolname order by g.rolname), '[]')
    from pg_auth_members m
    join pg_roles g on g.oid = m.roleid
    where m.member = r.oid
  ) as "memberOf",
  (
    select coalesce(json_agg(u.rolname order by u.rolname), '[]')
    from pg_auth_members m
    join pg_roles u on u.oid = m.member
    -- An administrator who is no superuser is a member of the roles it made.
    where m.roleid = r.oid and u.rolname <> session_user
  ) as members,
  (
    select coalesce(json_agg(concat(setting, ' in database ' || d.datname) order by 1), '[]')
    from pg_db_role_setting s
    left join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) setting
    where s.setrole = r.oid
  ) as settings
from pg_roles r
where r.rolname = any($1::text[])
order by r.rolname
