-- How many connections there may be, and how many of them are kept back for superusers and for pg_use_reserved_connections.
select
  current_setting('max_connections')::int as "limit",
  current_setting('superuser_reserved_connections')::int as "forSuperusers",
  current_setting('reserved_connections')::int as reserved
