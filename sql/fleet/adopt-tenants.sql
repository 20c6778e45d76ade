-- Takes the schemas of a copied database for the ones in the books: by name, owner's mark and stack. $1 the stack.
update tenantry.registry r
set schema_oid = n.oid, updated_at = now()
from pg_namespace n
where n.nspname = r.schema_name and r.stack = $1
  and obj_description(n.oid, 'pg_namespace') = format('tenantry: tenant %s of stack %s', r.key, r.stack)
returning r.id
