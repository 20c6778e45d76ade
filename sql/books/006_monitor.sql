-- What the monitor may know of the books: a few views, no table. None of them shows a tenant's rows; the message of a
-- failed migration may quote one, so it is left out.

create view tenantry.monitor_tenants as
select r.id, r.key, r.schema_name, r.schema_oid, r.company, r.state, r.isolation, r.pin, r.version, r.stack,
  r.created_at, f.number as failed_migration, f.attempts as failed_attempts, f.failed_at
from tenantry.registry r
left join tenantry.migration_failures f on f.tenant_key = r.key;
comment on view tenantry.monitor_tenants is 'The tenants, and which ones a migration failed for';

create view tenantry.monitor_archives as
select a.tenant_key, count(*) as archives, sum(a.bytes) as bytes, max(a.created_at) as newest,
  max(a.created_at) filter (where a.verified_at is not null) as newest_proven
from tenantry.archives a
group by a.tenant_key;
comment on view tenantry.monitor_archives is 'How old the newest archive of each tenant is';

create table tenantry.examinations (
  stack text primary key,
  examined_at timestamptz not null default now(),
  tenants integer not null check (tenants >= 0),
  findings jsonb not null
);
comment on table tenantry.examinations is 'The last examination by the doctor, of each stack';
comment on column tenantry.examinations.findings is 'How many findings, by their code';

create view tenantry.monitor_examinations as
select e.stack, e.examined_at, e.tenants, e.findings from tenantry.examinations e;
comment on view tenantry.monitor_examinations is 'What the doctor found when it looked last';

-- PostgreSQL shows statistics of columns to those only who may read them. Their average widths are no data, and an
-- index's size cannot be judged without them.
create function tenantry.monitor_key_widths() returns table (index_oid oid, bytes double precision)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select i.indexrelid, sum(case when a.attlen > 0 then a.attlen else s.avg_width end)
  from pg_index i
  join pg_class x on x.oid = i.indexrelid and x.relkind = 'i'
  join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'pg_toast')
  join pg_attribute a on a.attrelid = i.indexrelid
  left join pg_attribute t on t.attrelid = i.indrelid and t.attnum = i.indkey[a.attnum - 1]
  -- The statistics of an expression stand under the index's own name.
  left join pg_stats s on s.schemaname = n.nspname and not s.inherited
    and s.tablename = case when t.attnum is null then x.relname else c.relname end
    and s.attname = coalesce(t.attname, a.attname)
  group by i.indexrelid
  having bool_and(a.attlen > 0 or s.avg_width is not null);
end;
comment on function tenantry.monitor_key_widths() is 'Average bytes of the keys of each index, where they are known';
revoke all on function tenantry.monitor_key_widths() from public;

grant select on tenantry.monitor_tenants, tenantry.monitor_archives, tenantry.monitor_examinations to :"monitor";
grant execute on function tenantry.monitor_key_widths() to :"monitor";
