-- What tenants should hold, for the versions of which the books have more than one opinion. $1 the stack.
with shapes as (
  select r.version, r.fingerprint, json_agg(r.id order by r.id) as tenants
  from tenantry.registry r
  where r.stack = $1 and r.fingerprint is not null
  group by r.version, r.fingerprint
)
select k.version, k.tenants, to_json(s.objects) as objects
from shapes k
join tenantry.shapes s on s.fingerprint = k.fingerprint
where exists (select from shapes o where o.version = k.version and o.fingerprint <> k.fingerprint)
