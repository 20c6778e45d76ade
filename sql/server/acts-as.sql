-- Whether the role that is logged in may take the role $1, and has its rights without doing so.
select pg_has_role(r.oid, 'set') and pg_has_role(r.oid, 'usage') as held
from pg_catalog.pg_roles r
where r.rolname = $1;
