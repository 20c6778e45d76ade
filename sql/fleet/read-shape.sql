-- What a tenant's schema should hold, and whether it holds that. $1 its id.
select
  r.version,
  r.fingerprint,
  r.fingerprint = md5(array_to_string(tenantry.schema_objects(r.schema_oid), E'\n')) as exact
from tenantry.registry r
where r.id = $1
