-- What a tenant's schema should hold. $1 its id.
select version, fingerprint from tenantry.registry where id = $1
