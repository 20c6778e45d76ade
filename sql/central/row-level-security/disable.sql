-- Undoes enable.sql.

drop policy if exists tenant_isolation on central.users;
drop policy if exists owner_sees_all on central.users;
drop policy if exists backup_reads_all on central.users;
alter table central.users no force row level security;
alter table central.users disable row level security;
