-- Remembers what an area's schema holds now as what it should hold. $1 the area, $2 its objects and rights.
with saved as (
  insert into tenantry.shapes (fingerprint, objects)
  values (md5(array_to_string($2::text[], E'\n')), $2::text[])
  on conflict do nothing
)
insert into tenantry.areas as kept (area, fingerprint)
values ($1, md5(array_to_string($2::text[], E'\n')))
on conflict (area) do update set fingerprint = excluded.fingerprint
