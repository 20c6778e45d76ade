create table payroll (
  id bigint generated always as identity primary key,
  employee_id bigint not null references employees (id),
  contract_id bigint not null references contracts (id),
  year integer not null check (year between 1980 and 2200),
  month integer not null check (month between 1 and 12),
  days_worked numeric(4, 2) not null default 30 check (days_worked between 0 and 31),
  taxable_total bigint not null default 0 check (taxable_total >= 0),
  earnings_total bigint not null default 0 check (earnings_total >= 0),
  deductions_total bigint not null default 0 check (deductions_total >= 0),
  net_pay bigint generated always as (earnings_total - deductions_total) stored,
  paid_at timestamptz,
  created_at timestamptz not null default now(),
  unique (contract_id, year, month)
);
comment on table payroll is 'One monthly settlement (liquidación) of a contract; amounts in pesos';
comment on column payroll.taxable_total is 'Total imponible: what AFP, health and tax are calculated from';
comment on column payroll.paid_at is 'When it was paid; null until then';

create index idx_payroll_period on payroll (year, month);
create index idx_payroll_employee on payroll (employee_id, year, month);
-- Rewritten each month: vacuumed and analyzed well before the defaults of 20 % and 10 % changed rows.
alter table payroll set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

create table payroll_items (
  id bigint generated always as identity primary key,
  payroll_id bigint not null references payroll (id) on delete cascade,
  kind text not null check (kind in ('haber_imponible', 'haber_no_imponible', 'descuento_legal', 'descuento')),
  code text not null,
  description text not null,
  amount bigint not null check (amount >= 0),
  unique (payroll_id, code)
);
comment on table payroll_items is 'The lines of a settlement: what is earned (haberes) and deducted (descuentos)';
comment on column payroll_items.amount is 'In pesos; the kind says whether it is earned or deducted';
alter table payroll_items set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
