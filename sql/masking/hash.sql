-- What masking rules may use; made for one session, in which a random key is set that nobody ever sees. The same value
-- gives the same pseudonym within one clone, and another one in the next.

-- 16 hexadecimal digits.
create function pg_temp.mask_hash(value text) returns text
language sql
stable
strict
return left(encode(sha256(convert_to(current_setting('tenantry.mask_key') || value, 'UTF8')), 'hex'), 16);

-- A whole number from 0 up to `below`, which is not among them.
create function pg_temp.mask_number(value text, below bigint) returns bigint
language sql
stable
strict
return ('x0' || left(pg_temp.mask_hash(value), 15))::bit(64)::bigint % below;
