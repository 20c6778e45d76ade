-- Which of these schemas are there. $1 their names.
select n.nspname as name from pg_namespace n where n.nspname = any($1::text[])
