create table contracts (
  id bigint generated always as identity primary key,
  employee_id bigint not null references employees (id),
  kind text not null check (kind in ('indefinido', 'plazo_fijo', 'obra_o_faena')),
  position text not null,
  fecha_inicio date not null,
  fecha_termino date,
  base_salary bigint not null check (base_salary >= 0),
  weekly_hours numeric(4, 2) not null default 44 check (weekly_hours > 0 and weekly_hours <= 45),
  created_at timestamptz not null default now(),
  check (fecha_termino >= fecha_inicio),
  check (kind <> 'plazo_fijo' or fecha_termino is not null)
);
comment on table contracts is 'Contracts of employment';
comment on column contracts.fecha_termino is 'The last day; null while it has no end';
comment on column contracts.base_salary is 'Monthly base salary, in pesos';

create index idx_contracts_employee_dates on contracts (employee_id, fecha_inicio, fecha_termino);
-- A predicate may not depend on the time: a contract that ends some day is found by the index above.
create index idx_contracts_active on contracts (employee_id) where fecha_termino is null;

create table absences (
  id bigint generated always as identity primary key,
  employee_id bigint not null references employees (id),
  kind text not null check (kind in ('vacaciones', 'licencia_medica', 'permiso_con_goce', 'permiso_sin_goce', 'inasistencia')),
  first_day date not null,
  last_day date not null,
  note text,
  created_at timestamptz not null default now(),
  check (last_day >= first_day)
);
comment on table absences is 'Days not worked: holidays, sick leave, permissions';

create index idx_absences_employee_days on absences (employee_id, first_day, last_day);
