-- A table with its indexes and TOAST, in bytes; null when it is gone. $1 its oid.
select pg_total_relation_size($1::oid)::float8 as bytes
