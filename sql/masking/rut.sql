-- A RUT for the n-th person, with its right check digit. Its number is of those that companies have, from 50 million
-- on, so that no person's RUT is among them; where they begin differs from clone to clone.
create function pg_temp.mask_rut(n bigint) returns text
language sql
stable
strict
return (
  select format('%s-%s', number, substr('0K987654321', 1 + (sum(digit * weight) % 11)::integer, 1))
  from (select 50000000 + pg_temp.mask_number('rut', 40000000) + n as number) numbers,
    lateral (
      select substr(number::text, place, 1)::integer as digit, 2 + (8 - place) % 6 as weight
      from generate_series(1, 8) place
    ) digits
  group by number
);
