-- Undoes enable.sql: with tenant schemas, applications have no rights on the shared tables.

drop policy if exists partition_isolation on shared.:"table";
drop policy if exists owner_sees_all on shared.:"table";
drop policy if exists backup_reads_all on shared.:"table";
alter table shared.:"table" no force row level security;
alter table shared.:"table" disable row level security;

revoke select, insert, update, delete on shared.:"table" from :"user";
alter table shared.:"table" alter :"partition_key" drop default;
