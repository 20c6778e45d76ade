-- The tenants whose schema is not what it was after its last migration: what it holds, and what it should hold (null
-- when that was never written down). $1 the oids of their schemas.
select o.schema_oid::text as oid, o.objects, s.objects as expected
from tenantry.schema_objects($1::oid[]) o
join tenantry.registry r on r.schema_oid = o.schema_oid
left join tenantry.shapes s on s.fingerprint = r.fingerprint
where md5(array_to_string(o.objects, E'\n')) is distinct from r.fingerprint
