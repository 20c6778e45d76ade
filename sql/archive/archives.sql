-- The archives in the books, the newest first: in the order of their numbers, since a clock may go back. $1 a tenant's key, null for all.
select archive::text as number, tenant_id as id, tenant_key as key, version, location, bytes::float8 as bytes, checksum,
  row_counts as "rowCounts", created_at as "createdAt", verified_at as "provenAt"
from tenantry.archives
where $1::text is null or tenant_key = $1
order by archive desc
