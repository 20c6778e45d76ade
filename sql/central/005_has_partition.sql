-- Whether a value has a partition: asked as each scope of one opens, where there are no tenant schemas. In PL/pgSQL,
-- which keeps the plan. It shows nothing that the catalog does not show everybody.

create function central.has_partition(partition_value text) returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  -- By the names, looked up one by one: joined, PostgreSQL would read the whole catalog.
  return coalesce(
    (
      select bool_or(exists (
        select
        from pg_class c
        where c.relname = (
            select p.relname || '/' || partition_value
            from pg_class p
            where p.oid = t.partrelid and p.relnamespace = 'shared'::regnamespace
          )
          and c.relnamespace = (select oid from pg_namespace where nspname = 'partitions')
          and c.relispartition
      ))
      from pg_partitioned_table t
    ),
    false
  );
end
$$;
comment on function central.has_partition(text) is 'Whether a value of the partition key has a partition, where there are no tenant schemas';
revoke all on function central.has_partition(text) from public;
grant execute on function central.has_partition(text) to :"user";
