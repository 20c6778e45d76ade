-- The migrations that ran in this database, an area a row.
select area, json_agg(json_build_object('number', number, 'name', name, 'checksum', checksum) order by number) as known
from tenantry.migrations
group by area
