-- Writes down how a role logs in. $1 the role, $2 its record as JSON: numbers and names, no secret.
insert into tenantry.settings as known (name, value)
values ('login ' || $1::text, $2)
on conflict (name) do update set value = excluded.value, updated_at = now()
