-- Sizes without opening what is measured: asking for a file takes a fraction of the time, and waits for nobody. It needs
-- the right on pg_stat_file, which only a superuser can give (sql/fleet/grant-file-sizes.sql); else relations are opened.

create function tenantry.file_directory() returns text
language sql
stable
parallel safe
begin atomic
  select 'base/' || d.oid || '/'
  from pg_database d
  join pg_tablespace s on s.oid = d.dattablespace
  where d.datname = current_database() and s.spcname = 'pg_default' and current_setting('segment_size') = '1GB'
    and has_function_privilege('pg_catalog.pg_stat_file(text, boolean)', 'execute');
end;
comment on function tenantry.file_directory() is 'Where the files of this database are; null for who may not ask for them, and where they are laid out otherwise';

-- The right is looked at only when a line runs, so that who has it not may call this.
create function tenantry.relation_bytes(relation oid, file text, held bigint) returns bigint
language plpgsql
stable
parallel safe
as $$
declare
  bytes bigint;
  part bigint;
begin
  if file is not null then
    part := (pg_catalog.pg_stat_file(file, true)).size;
    for segment in 1 .. 65536 loop
      exit when part is null;
      bytes := coalesce(bytes, 0) + part;
      exit when part < 1073741824;
      part := (pg_catalog.pg_stat_file(file || '.' || segment, true)).size;
    end loop;
  end if;
  -- Null for one that was dropped meanwhile.
  return coalesce(bytes, held, pg_catalog.pg_relation_size(relation));
end
$$;
comment on function tenantry.relation_bytes(oid, text, bigint) is 'Bytes of the main data of a relation: of its file and the segments that follow a full one; else what is said of one that is held; else by opening it';

create or replace view tenantry.monitor_relations as
select t.relnamespace as schema_oid, t.oid as table_oid, t.relname as table_name, c.oid as relation_oid,
  case when o.oid is not null then 'toast' when c.relkind = 'i' then 'index' else 'table' end as kind,
  coalesce(tenantry.relation_bytes(
    c.oid,
    case when c.reltablespace = 0 and c.relfilenode <> 0 and c.relpersistence <> 't'
      then (select tenantry.file_directory()) || c.relfilenode end,
    -- Opening one that somebody holds exclusively would wait: it counts with its pages at the last VACUUM or ANALYZE.
    case when h.relation is not null then c.relpages * current_setting('block_size')::bigint end
  ), 0) as bytes
from pg_class c
left join pg_index i on i.indexrelid = c.oid
left join pg_class o on o.reltoastrelid = coalesce(i.indrelid, c.oid) and o.reltoastrelid <> 0
join pg_class t on t.oid = coalesce(o.oid, i.indrelid, c.oid) and t.relkind in ('r', 'm')
left join (select distinct l.relation from pg_locks l where l.mode = 'AccessExclusiveLock') h on h.relation = c.oid
where c.relkind in ('r', 'm', 't', 'i');
