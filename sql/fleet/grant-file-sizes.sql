-- The monitor and the owner may ask how large a file of the server is, in this database: not what is in it.
grant execute on function pg_catalog.pg_stat_file(text, boolean) to :"owner", :"monitor"
