-- Which server this is, and which of its settings wait for a restart.
select current_setting('server_version') as version,
       (select system_identifier::text from pg_catalog.pg_control_system()) as system_identifier,
       array(select name from pg_catalog.pg_settings where pending_restart order by name) as pending_restart;
