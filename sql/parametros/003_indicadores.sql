-- Values change every day, so none are seeded: `tenantry load indicadores FILE.csv` brings them.

create table parametros.indicadores (
  indicador text not null check (indicador in ('UF', 'UTM', 'IPC')),
  fecha date not null,
  valor numeric(12, 4) not null,
  primary key (indicador, fecha),
  constraint indicadores_mensual check (indicador = 'UF' or extract(day from fecha) = 1),
  constraint indicadores_positivo check (indicador = 'IPC' or valor > 0)
);
comment on table parametros.indicadores is 'Economic indicators used by payroll: UF, UTM, IPC';
comment on column parametros.indicadores.fecha is
  'UF: the day it holds for; UTM and IPC: the first day of their month';
comment on column parametros.indicadores.valor is
  'UF, UTM: pesos; IPC: change on the month before, in percent (may be negative)';
