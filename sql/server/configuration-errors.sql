-- What the server could not take from its configuration files as they are on disk now. A changed setting that waits
-- for a restart shows the same "setting could not be applied" and is no error.
select coalesce(f.sourcefile, '') as file, coalesce(f.sourceline, 0) as line, coalesce(f.name || ': ', '') || f.error as problem
  from pg_catalog.pg_file_settings f
  left join pg_catalog.pg_settings s on s.name = f.name
 where f.error is not null
   and s.context is distinct from 'postmaster'
union all
select 'pg_hba.conf', coalesce(h.line_number, 0), h.error
  from pg_catalog.pg_hba_file_rules h
 where h.error is not null
 order by 1, 2;
