-- Inserts values and corrects those that differ; the same ones again change nothing.
-- $1 indicador[], $2 fecha[], $3 valor[]; one row for each value written, with the one it stood in for.
with given as (
  select * from unnest($1::text[], $2::date[], $3::numeric[]) as g (indicador, fecha, valor)
),
former as (
  select k.indicador, k.fecha, k.valor from parametros.indicadores k join given g using (indicador, fecha)
),
written as (
  insert into parametros.indicadores as kept (indicador, fecha, valor)
  select g.indicador, g.fecha, g.valor from given g
  on conflict (indicador, fecha) do update
    set valor = excluded.valor
    where kept.valor <> excluded.valor
  returning kept.indicador, kept.fecha, kept.valor, xmax = 0 as added
)
select w.indicador || ' ' || w.fecha::text as name, w.added, w.valor::text as valor, f.valor::text as former
from written w
left join former f using (indicador, fecha)
order by 1
