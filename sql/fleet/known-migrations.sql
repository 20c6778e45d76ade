-- The migrations of an area that ran in this database. $1 the area.
select number, name, checksum from tenantry.migrations where area = $1 order by number
