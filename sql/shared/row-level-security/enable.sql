-- For a stack without tenant schemas, on each shared table: the application uses the table itself, within the value of
-- the transaction: set_config('app.current_tenant', <value>, true).
-- After a transaction the setting is '' rather than null, hence nullif; without a value nothing is visible, and no row
-- can be written.

alter table shared.:"table" alter :"partition_key" set default nullif(current_setting('app.current_tenant', true), '');
grant select, insert, update, delete on shared.:"table" to :"user";

alter table shared.:"table" enable row level security;
alter table shared.:"table" force row level security;

drop policy if exists partition_isolation on shared.:"table";
create policy partition_isolation on shared.:"table"
using (:"partition_key" = nullif(current_setting('app.current_tenant', true), ''))
with check (:"partition_key" = nullif(current_setting('app.current_tenant', true), ''));

-- Forced security holds for the owner too: without this policy it could not make partitions of rows that wait.
drop policy if exists owner_sees_all on shared.:"table";
create policy owner_sees_all on shared.:"table" to :"owner" using (true) with check (true);

-- For pg_dump --enable-row-security, where the server's administrator may not give BYPASSRLS.
drop policy if exists backup_reads_all on shared.:"table";
create policy backup_reads_all on shared.:"table" for select to :"backup" using (true);
