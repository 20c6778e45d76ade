-- What was written down last of the roles that log in.
select substr(s.name, length('login ') + 1) as role, s.value::json as record
from tenantry.settings s
where starts_with(s.name, 'login ')
