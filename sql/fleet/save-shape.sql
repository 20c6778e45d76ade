-- Remembers what a tenant's schema holds now as what it should hold. $1 the tenant's key.
with printed as materialized (
  select md5(array_to_string(o.objects, E'\n')) as fingerprint, o.objects
  from tenantry.registry r, tenantry.schema_objects(array[r.schema_oid]) o
  where r.key = $1
),
saved as (
  insert into tenantry.shapes (fingerprint, objects)
  select fingerprint, objects from printed
  on conflict do nothing
)
update tenantry.registry r
set fingerprint = p.fingerprint, updated_at = now()
from printed p
where r.key = $1
