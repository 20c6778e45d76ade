-- Inserts values and corrects those that differ; the same ones again change nothing.
-- $1 indicador[], $2 fecha[], $3 valor[]; one row for each value written.
insert into parametros.indicadores as kept (indicador, fecha, valor)
select * from unnest($1::text[], $2::date[], $3::numeric[])
on conflict (indicador, fecha) do update
  set valor = excluded.valor
  where kept.valor <> excluded.valor
returning xmax = 0 as added
