-- The connections of clients, counted by role and state; the longest in its state first among those of a role.
select
  coalesce(a.usename, '(unknown)') as role,
  coalesce(a.state, '(hidden)') as state,
  count(*)::int as count,
  max(extract(epoch from clock_timestamp() - a.state_change))::float8 as "oldestSeconds",
  nullif(max(r.rolconnlimit), -1) as "roleLimit"
from pg_stat_activity a
left join pg_roles r on r.oid = a.usesysid
where a.backend_type = 'client backend'
group by 1, 2
order by count(*) desc, 1, 2
