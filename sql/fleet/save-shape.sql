-- Remembers what a tenant's schema holds now as what it should hold. $1 the tenant's key.
with shape as materialized (
  select tenantry.schema_objects(r.schema_oid) as objects from tenantry.registry r where r.key = $1
),
printed as materialized (
  select md5(array_to_string(objects, E'\n')) as fingerprint, objects from shape
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
