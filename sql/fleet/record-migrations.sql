-- Writes down migrations that ran. $1 area, $2 the tenant's key or null; for each: $3 number, $4 file name,
-- $5 checksum, $6 milliseconds.
with ran as (
  select *
  from unnest($3::integer[], $4::text[], $5::text[], $6::double precision[])
    as f (number, name, checksum, milliseconds)
),
known as (
  insert into tenantry.migrations (area, number, name, checksum)
  select $1, number, name, checksum from ran
  on conflict do nothing
)
insert into tenantry.ledger (area, number, tenant_key, duration)
select $1, number, $2, milliseconds * interval '1 millisecond' from ran
