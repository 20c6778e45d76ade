-- The server's own values of settings: what this role, this database or this session has instead is no answer. $1 names.
select
  s.name,
  s.vartype as type,
  s.unit,
  s.setting as value,
  current_setting(s.name) as shown,
  s.context = 'postmaster' as "needsRestart"
from pg_catalog.pg_settings s
where s.name = any($1)
  and s.source not in ('client', 'user', 'database', 'database user', 'session')
order by s.name;
