-- What pg_stat_statements counted in this database, a row for each text and role, the slowest in sum first; the own
-- role's are left out. The same text in two tenants' schemas has two ids there: here it is one row. Times in
-- milliseconds.
select
  r.rolname::text as role,
  left(s.query, 4000) as query,
  count(*)::integer as statements,
  sum(s.calls)::float8 as calls,
  sum(s.total_exec_time)::float8 as "totalMs",
  max(s.max_exec_time)::float8 as "maxMs",
  sum(s.rows)::float8 as rows,
  sum(s.shared_blks_hit)::float8 as "blocksHit",
  sum(s.shared_blks_read)::float8 as "blocksRead"
from extensions.pg_stat_statements s
join pg_database d on d.oid = s.dbid and d.datname = current_database()
left join pg_roles r on r.oid = s.userid
where s.toplevel and s.userid <> current_user::regrole
group by 1, 2
order by "totalMs" desc
