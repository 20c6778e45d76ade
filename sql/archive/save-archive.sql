-- Writes an archive that is not proven yet into the books. $1 tenant id, $2 key, $3 version, $4 location, $5 bytes,
-- $6 checksum, $7 row counts.
insert into tenantry.archives
  (tenant_id, tenant_key, schema_name, version, location, bytes, checksum, row_counts)
values ($1, $2, 'tenant_' || $1, $3, $4, $5, $6, $7)
returning archive::text
