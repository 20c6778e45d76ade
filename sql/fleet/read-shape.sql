-- What a tenant's schema should hold, and whether it holds that. $1 its id.
select
  r.version,
  r.fingerprint,
  r.fingerprint = (
    select md5(array_to_string(o.objects, E'\n')) from tenantry.schema_objects(array[r.schema_oid]) o
  ) as exact
from tenantry.registry r
where r.id = $1
