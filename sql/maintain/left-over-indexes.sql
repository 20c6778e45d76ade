-- What REINDEX CONCURRENTLY leaves behind when it is interrupted: invalid indexes under names of its own, those of
-- TOAST tables included. Where somebody works on the table just now they are not left over, but in the making.
-- $1 the schema's oid.
select format('%I.%I', s.nspname, x.relname) as name, c.relkind = 't' as "ofToast"
from pg_index i
join pg_class x on x.oid = i.indexrelid and x.relname ~ '_cc(new|old)[0-9]*$'
join pg_namespace s on s.oid = x.relnamespace
join pg_class c on c.oid = i.indrelid
left join pg_class t on t.reltoastrelid = c.oid
where not i.indisvalid
  and coalesce(t.relnamespace, c.relnamespace) = $1::oid
  and not exists (
    select
    from pg_locks l
    where l.locktype = 'relation' and l.granted and l.mode = 'ShareUpdateExclusiveLock'
      and l.relation = coalesce(t.oid, c.oid) and l.pid <> pg_backend_pid()
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
  )
order by 1
