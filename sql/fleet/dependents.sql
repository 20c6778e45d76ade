-- What outside of a schema depends on what is in it: all that DROP SCHEMA ... CASCADE would drop elsewhere.
-- $1 the schema's oid. Partitions of ours depend on their parents, not the other way round.
with inside as (
  select c.oid as id, 'pg_class'::regclass as class from pg_class c where c.relnamespace = $1::oid
  union all
  select t.oid, 'pg_type'::regclass from pg_type t where t.typnamespace = $1::oid
  union all
  select p.oid, 'pg_proc'::regclass from pg_proc p where p.pronamespace = $1::oid
  union all
  select c.oid, 'pg_constraint'::regclass from pg_constraint c where c.connamespace = $1::oid
),
dependents as (
  select distinct d.classid, d.objid
  from inside i
  join pg_depend d on d.refclassid = i.class and d.refobjid = i.id and d.deptype <> 'i'
),
placed as (
  select d.classid, d.objid, coalesce(
    (select relnamespace from pg_class where d.classid = 'pg_class'::regclass and oid = d.objid),
    (select c.relnamespace from pg_rewrite r join pg_class c on c.oid = r.ev_class
      where d.classid = 'pg_rewrite'::regclass and r.oid = d.objid),
    (select connamespace from pg_constraint where d.classid = 'pg_constraint'::regclass and oid = d.objid),
    (select typnamespace from pg_type where d.classid = 'pg_type'::regclass and oid = d.objid),
    (select pronamespace from pg_proc where d.classid = 'pg_proc'::regclass and oid = d.objid),
    (select c.relnamespace from pg_attrdef a join pg_class c on c.oid = a.adrelid
      where d.classid = 'pg_attrdef'::regclass and a.oid = d.objid),
    (select c.relnamespace from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where d.classid = 'pg_trigger'::regclass and t.oid = d.objid),
    (select c.relnamespace from pg_policy p join pg_class c on c.oid = p.polrelid
      where d.classid = 'pg_policy'::regclass and p.oid = d.objid),
    (select stxnamespace from pg_statistic_ext where d.classid = 'pg_statistic_ext'::regclass and oid = d.objid)
  ) as space
  from dependents d
)
-- A view depends through its rule.
select distinct case
  when classid = 'pg_rewrite'::regclass
    then (select pg_describe_object('pg_class'::regclass, ev_class, 0) from pg_rewrite where oid = objid)
  else pg_describe_object(classid, objid, 0) end as dependent
from placed
where space is distinct from $1::oid
order by 1
