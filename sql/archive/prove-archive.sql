-- Notes that an archive is proven. $1 its number.
update tenantry.archives set verified_at = now() where archive = $1::bigint
