-- A tenant's own tables. They run with search_path at the tenant's schema, so names stand alone; foreign keys stay
-- inside the schema, and codes of parametros (AFP, ISAPRE, comuna) are plain codes.

create table employees (
  id bigint generated always as identity primary key,
  rut text not null,
  names text not null check (names <> ''),
  surnames text not null check (surnames <> ''),
  email text,
  birth_date date,
  comuna_code text,
  afp_code text,
  -- Null for who is insured with FONASA.
  isapre_code text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  -- The check digit: the digits weighted 2 to 7 from the right and then again from 2, modulo 11.
  constraint employees_rut_valid check (
    case when rut ~ '^[1-9][0-9]{0,7}-[0-9K]$' then
      right(rut, 1) = substr(
        '0K987654321',
        1 + (
          substr(lpad(rut, 10, '0'), 1, 1)::integer * 3
          + substr(lpad(rut, 10, '0'), 2, 1)::integer * 2
          + substr(lpad(rut, 10, '0'), 3, 1)::integer * 7
          + substr(lpad(rut, 10, '0'), 4, 1)::integer * 6
          + substr(lpad(rut, 10, '0'), 5, 1)::integer * 5
          + substr(lpad(rut, 10, '0'), 6, 1)::integer * 4
          + substr(lpad(rut, 10, '0'), 7, 1)::integer * 3
          + substr(lpad(rut, 10, '0'), 8, 1)::integer * 2
        ) % 11,
        1
      )
    else false end
  )
);
comment on table employees is 'The people who work, or worked, for the company';
comment on column employees.rut is 'RUT without dots, with its check digit: 12345678-5';
comment on column employees.afp_code is 'Code in parametros.afp';
comment on column employees.isapre_code is 'Code in parametros.isapres; null for FONASA';
comment on column employees.comuna_code is 'Code in parametros.comunas';

create unique index idx_employees_rut on employees (rut);
