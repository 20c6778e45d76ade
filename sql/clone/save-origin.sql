-- Notes of a new tenant what it was copied from. $1 its id, $2 {"from": ..., "data": ...}.
update tenantry.registry set clone = $2::jsonb where id = $1
