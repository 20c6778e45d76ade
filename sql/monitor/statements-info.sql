-- Since when pg_stat_statements counts, and how often it forgot the rarest statements for want of room.
select i.stats_reset as since, i.dealloc::float8 as forgotten from extensions.pg_stat_statements_info i
