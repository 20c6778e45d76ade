-- Which of the names that a stack would give are there already. $1 the roles, $2 the database.
select 'role' as kind, rolname::text as name from pg_catalog.pg_roles where rolname = any($1)
union all
select 'database', datname::text from pg_catalog.pg_database where datname = $2
order by 1 desc, 2;
