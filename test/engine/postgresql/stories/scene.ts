/** A database beside the provider's own. */
export const HOME = "p_home";

/** What is there before the first story: roles, a tablespace, a database, schemas. */
export const SCENE: readonly { readonly sql: string; readonly database?: string }[] = [
  { sql: "create role p_owner; create role p_user login; create role p_other" },
  { sql: 'create role "P Mixed"' },
  { sql: "set allow_in_place_tablespaces = on; create tablespace p_space location ''" },
  { sql: `create database ${HOME} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'` },
  { sql: 'create schema p_room; create schema "P Room"', database: HOME },
];

/** Everything the stories touch, as PostgreSQL sees it: what belongs to the cluster. */
export const CLUSTER_CATALOG = `
select 'role', to_jsonb(x) from (select r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb,
    r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil, r.rolpassword, s.setconfig
  from pg_authid r left join pg_db_role_setting s on s.setrole = r.oid) x
union all
select 'member', to_jsonb(x) from (select roleid::regrole, member::regrole, grantor::regrole, admin_option,
    inherit_option, set_option from pg_auth_members) x
union all
select 'database', to_jsonb(x) from (select datname, datdba::regrole, encoding, datcollate, datctype, datconnlimit,
    datallowconn, datistemplate, datacl, spcname
  from pg_database join pg_tablespace t on t.oid = dattablespace) x`;

/** What belongs to one database. */
export const DATABASE_CATALOG = `
select 'schema', to_jsonb(x) from (select nspname, nspowner::regrole, nspacl from pg_namespace
  where nspname not like 'pg\\_%') x
union all
select 'table', to_jsonb(x) from (select oid::regclass, relowner::regrole, relacl from pg_class
  where relkind = 'r' and relnamespace >= 16384) x
union all
select 'extension', to_jsonb(x) from (select extname, extversion, extnamespace::regnamespace from pg_extension) x
union all
select 'default privileges', to_jsonb(x) from (select defaclrole::regrole, defaclnamespace::regnamespace,
    defaclobjtype, defaclacl from pg_default_acl) x`;
