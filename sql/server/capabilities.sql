-- What the role that is logged in may do. A managed service's own group of administrators may create extensions that
-- otherwise take a superuser.
select
  r.rolname as administrator,
  r.rolsuper as superuser,
  r.rolsuper or r.rolcreaterole as "createRole",
  r.rolsuper or r.rolcreatedb as "createDatabase",
  r.rolsuper or r.rolbypassrls as "bypassRowLevelSecurity",
  r.rolsuper or r.rolreplication as replication,
  pg_has_role(r.oid, 'pg_monitor', 'member with admin option') as "grantMonitor",
  pg_has_role(r.oid, 'pg_read_all_data', 'member with admin option') as "grantReadAllData",
  e.name is not null as "statementsAvailable",
  e.name is not null and (
    r.rolsuper or e.trusted or exists (
      select from pg_catalog.pg_roles g
       where g.rolname in ('rds_superuser', 'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin')
         and pg_has_role(r.oid, g.oid, 'member')
    )
  ) as "createStatements",
  pg_has_role(r.oid, 'pg_signal_backend', 'usage') as "endSessions",
  pg_has_role(r.oid, 'pg_read_all_settings', 'usage') as "readAllSettings",
  has_table_privilege(r.oid, 'pg_catalog.pg_file_settings', 'select')
    and has_table_privilege(r.oid, 'pg_catalog.pg_hba_file_rules', 'select')
    and has_function_privilege(r.oid, 'pg_catalog.pg_show_all_file_settings()', 'execute')
    and has_function_privilege(r.oid, 'pg_catalog.pg_hba_file_rules()', 'execute') as "readFileSettings"
from pg_catalog.pg_roles r
left join lateral (
  select v.name, bool_or(v.trusted) as trusted
    from pg_catalog.pg_available_extension_versions v
   where v.name = 'pg_stat_statements'
   group by v.name
) e on true
where r.rolname = current_user;
