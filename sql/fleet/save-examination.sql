-- What the doctor found, in place of what it found before. $1 the stack, $2 the tenants, $3 the findings by code.
insert into tenantry.examinations (stack, tenants, findings)
values ($1, $2, $3)
on conflict (stack) do update
set examined_at = now(), tenants = excluded.tenants, findings = excluded.findings
