-- Users are visible only within their tenant: set_config('app.current_tenant', <id>, true) in the transaction.
-- After a transaction the setting is '' rather than null, hence nullif; without a tenant nothing is visible.

alter table central.users enable row level security;
alter table central.users force row level security;

drop policy if exists tenant_isolation on central.users;
create policy tenant_isolation on central.users
using (tenant_id = nullif(current_setting('app.current_tenant', true), ''))
with check (tenant_id = nullif(current_setting('app.current_tenant', true), ''));

-- Forced security holds for the owner too: without this policy its updates would change nothing, silently.
drop policy if exists owner_sees_all on central.users;
create policy owner_sees_all on central.users to :"owner" using (true) with check (true);

-- For pg_dump --enable-row-security, where the server's administrator may not give BYPASSRLS.
drop policy if exists backup_reads_all on central.users;
create policy backup_reads_all on central.users for select to :"backup" using (true);
