-- Which database this is, and which one the books were written in.
select
  (select s.value from tenantry.settings s where s.name = 'database') as "knownDatabase",
  (select c.system_identifier from pg_control_system() c) || '/'
    || (select d.oid from pg_database d where d.datname = current_database()) as "thisDatabase",
  current_database() as "databaseName"
