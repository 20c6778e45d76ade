-- Writes into the books which database this is: cluster and oid. $1 whether to overwrite what they say.
insert into tenantry.settings as known (name, value)
select 'database', c.system_identifier || '/' || d.oid
from pg_control_system() c, pg_database d
where d.datname = current_database()
on conflict (name) do update set value = excluded.value, updated_at = now() where $1
