-- The institutions a payroll pays to. The codes are those of Previred's payment file, which employers
-- declare contributions with.

create table parametros.afp (
  codigo text primary key check (codigo ~ '^[0-9]{2}$'),
  nombre text not null unique
);
comment on table parametros.afp is 'Pension fund administrators (AFP) by their Previred code';

create table parametros.isapres (
  codigo text primary key check (codigo ~ '^[0-9]{2}$'),
  nombre text not null unique,
  tipo text not null check (tipo in ('abierta', 'cerrada'))
);
comment on table parametros.isapres is 'Private health insurers (ISAPRE) by their Previred code';
comment on column parametros.isapres.tipo is
  'abierta: anyone may join; cerrada: only the staff of one company or group';

insert into parametros.afp (codigo, nombre) values
  ('03', 'Cuprum'),
  ('05', 'Habitat'),
  ('08', 'ProVida'),
  ('29', 'PlanVital'),
  ('33', 'Capital'),
  ('34', 'Modelo'),
  ('35', 'Uno');

insert into parametros.isapres (codigo, nombre, tipo) values
  ('01', 'Banmédica', 'abierta'),
  ('02', 'Consalud', 'abierta'),
  ('03', 'Vida Tres', 'abierta'),
  ('04', 'Colmena', 'abierta'),
  ('05', 'Cruz Blanca', 'abierta'),
  ('10', 'Nueva Masvida', 'abierta'),
  ('11', 'Isalud', 'cerrada'),
  ('12', 'Fundación', 'cerrada'),
  ('25', 'Cruz del Norte', 'cerrada'),
  ('28', 'Esencial', 'abierta');
