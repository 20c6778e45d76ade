-- The shared tables with all their partitions, and the key of the tenant in whose schema each lies. $1 the partition
-- key.
select
  p.relname as name,
  case when t.partdefid <> 0 then (
    select format('%I.%I', n.nspname, c.relname)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = t.partdefid
  ) end as "defaultPartition",
  pg_relation_size(nullif(t.partdefid, 0)) > 0 as "mayHaveOrphans",
  (
    select coalesce(json_agg(json_build_object(
      'schema', n.nspname, 'name', c.relname, 'bound', pg_get_expr(c.relpartbound, 0), 'key', r.key)
      order by n.nspname, c.relname), '[]')
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join tenantry.registry r on r.schema_oid = n.oid
    where i.inhparent = t.partrelid and c.oid <> t.partdefid
  ) as partitions
from pg_partitioned_table t
join pg_class p on p.oid = t.partrelid
join pg_namespace s on s.oid = p.relnamespace and s.nspname = 'shared'
join pg_attribute k on k.attrelid = p.oid and k.attnum = t.partattrs[0] and k.attname = $1
where t.partstrat = 'l' and t.partnatts = 1
order by p.relname
