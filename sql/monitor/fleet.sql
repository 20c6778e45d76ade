-- The tenants by state and version, how old their archives are, and what the doctor found when it looked last.
select
  (select count(*)::integer from tenantry.monitor_tenants) as tenants,
  (select coalesce(json_object_agg(s.state, s.tenants order by s.state), '{}')
    from (select t.state, count(*) as tenants from tenantry.monitor_tenants t group by t.state) s) as states,
  (select coalesce(json_agg(v order by v.version desc), '[]')
    from (select t.version, count(*)::integer as tenants from tenantry.monitor_tenants t group by t.version) v)
    as versions,
  (select count(*)::integer from tenantry.monitor_tenants t where t.failed_at is not null) as failed,
  (select to_json(a) from (
    select
      (count(*) filter (where m.newest_proven is null))::integer as "without",
      extract(epoch from clock_timestamp() - min(m.newest_proven))::float8 as "oldestSeconds",
      extract(epoch from clock_timestamp() - max(m.newest))::float8 as "newestSeconds"
    from tenantry.monitor_tenants t
    left join tenantry.monitor_archives m on m.tenant_key = t.key
  ) a) as archives,
  (select coalesce(json_agg(json_build_object('stack', e.stack, 'findings', e.findings,
      'seconds', extract(epoch from clock_timestamp() - e.examined_at)::float8) order by e.stack), '[]')
    from tenantry.monitor_examinations e) as examinations
