import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedCluster } from "../support/cluster.ts";

const directory = join(import.meta.dirname, "..", "..", "sql", "parametros");

let client: pg.Client;

beforeAll(async () => {
  const cluster = await sharedCluster();
  client = await cluster.connect({ database: await cluster.createDatabase("parametros") });
  await client.query("create schema parametros");
  for (const file of readdirSync(directory).sort())
    await client.query(readFileSync(join(directory, file), "utf8"));
});

afterAll(() => client.end());

async function select<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows;
}

/** The one column of a query that has one. */
const column = async (sql: string): Promise<unknown[]> =>
  (await select(sql)).map((row) => Object.values(row)[0] as unknown);

describe("regions, provinces and comunas", () => {
  test("there are as many comunas in each region as the official register has", async () => {
    const rows = await select<{ region: string; count: number }>(
      "select region, count(*)::int from parametros.comunas group by region",
    );
    expect(Object.fromEntries(rows.map(({ region, count }) => [region, count]))).toEqual({
      "15": 4, // Arica y Parinacota
      "01": 7, // Tarapacá
      "02": 9, // Antofagasta
      "03": 9, // Atacama
      "04": 15, // Coquimbo
      "05": 38, // Valparaíso
      "13": 52, // Metropolitana
      "06": 33, // O'Higgins
      "07": 30, // Maule
      "16": 21, // Ñuble
      "08": 33, // Biobío
      "09": 32, // La Araucanía
      "14": 12, // Los Ríos
      "10": 30, // Los Lagos
      "11": 10, // Aysén
      "12": 11, // Magallanes
    });
  });

  test("there are 56 provinces, each with its capital's comuna or others", async () => {
    expect(await column("select count(*)::int from parametros.provincias")).toEqual([56]);
    expect(
      await column(
        "select nombre from parametros.provincias p where not exists (select from parametros.comunas where provincia = p.codigo)",
      ),
    ).toEqual([]);
  });

  // One comuna a region and those that are often wrong: new codes, accents, the far south.
  test.each([
    ["15101", "Arica", "Arica"],
    ["01107", "Alto Hospicio", "Iquique"],
    ["02202", "Ollagüe", "El Loa"],
    ["03201", "Chañaral", "Chañaral"],
    ["04105", "Paiguano", "Elqui"],
    ["05109", "Viña del Mar", "Valparaíso"],
    ["05801", "Quilpué", "Marga Marga"],
    ["06117", "San Vicente", "Cachapoal"],
    ["07301", "Curicó", "Curicó"],
    ["08301", "Los Ángeles", "Biobío"],
    ["08314", "Alto Biobío", "Biobío"],
    ["09121", "Cholchol", "Cautín"],
    ["10404", "Palena", "Palena"],
    ["11201", "Aysén", "Aysén"],
    ["12201", "Cabo de Hornos", "Antártica Chilena"],
    ["12202", "Antártica", "Antártica Chilena"],
    ["13101", "Santiago", "Santiago"],
    ["13120", "Ñuñoa", "Santiago"],
    ["14101", "Valdivia", "Valdivia"],
    ["16101", "Chillán", "Diguillín"],
    ["16206", "Ránquil", "Itata"],
    ["16207", "Treguaco", "Itata"],
    ["16301", "San Carlos", "Punilla"],
  ])("%s is %s, in the province of %s", async (codigo, nombre, provincia) => {
    expect(
      await select(
        `select c.nombre, p.nombre as provincia from parametros.comunas c
           join parametros.provincias p on p.codigo = c.provincia where c.codigo = '${codigo}'`,
      ),
    ).toEqual([{ nombre, provincia }]);
  });

  test("codes from before the region of Ñuble are gone", async () => {
    expect(
      await column("select codigo from parametros.comunas where codigo like '084%'"),
    ).toEqual([]);
  });

  test("names are clean: capitals first, single spaces, Spanish letters only", async () => {
    const names = await column(
      "select nombre from parametros.comunas union all select nombre from parametros.provincias union all select nombre from parametros.regiones",
    );
    const clean = /^[A-ZÁÉÍÓÚÑ][a-záéíóúüñ']+( (de|del|la|las|los|y|[A-ZÁÉÍÓÚÑ]'?[A-Za-záéíóúüñ]+))*$/;
    expect(names.filter((name) => !clean.test(String(name)) && name !== "O'Higgins")).toEqual([]);
  });

  test.each(["1310", "131011", "1310a", "99101"])("the code %s is refused", async (codigo) => {
    await expect(
      client.query("insert into parametros.comunas (codigo, nombre) values ($1, 'X')", [codigo]),
    ).rejects.toThrow(/violates (check|foreign key) constraint/);
  });
});

describe("institutions", () => {
  test("the seven AFPs have their Previred codes", async () => {
    expect(await select("select codigo, nombre from parametros.afp order by nombre")).toEqual([
      { codigo: "33", nombre: "Capital" },
      { codigo: "03", nombre: "Cuprum" },
      { codigo: "05", nombre: "Habitat" },
      { codigo: "34", nombre: "Modelo" },
      { codigo: "29", nombre: "PlanVital" },
      { codigo: "08", nombre: "ProVida" },
      { codigo: "35", nombre: "Uno" },
    ]);
  });

  test("the open and the closed ISAPREs are told apart", async () => {
    const of = (tipo: string): Promise<unknown[]> =>
      column(`select nombre from parametros.isapres where tipo = '${tipo}' order by codigo`);
    expect(await of("abierta")).toEqual(
      ["Banmédica", "Consalud", "Vida Tres", "Colmena", "Cruz Blanca", "Nueva Masvida", "Esencial"],
    );
    expect(await of("cerrada")).toEqual(["Isalud", "Fundación", "Cruz del Norte"]);
  });
});

describe("indicators", () => {
  const insert = (indicador: string, fecha: string, valor: number): Promise<unknown> =>
    client.query("insert into parametros.indicadores values ($1, $2, $3)", [indicador, fecha, valor]);

  test("start empty", async () => {
    expect(await column("select count(*)::int from parametros.indicadores")).toEqual([0]);
  });

  test.each([
    ["UF", "2026-01-31", 39485.65],
    ["UTM", "2026-01-01", 68923],
    ["IPC", "2026-01-01", -0.1],
  ])("take %s of %s", async (indicador, fecha, valor) => {
    await insert(indicador, fecha, valor);
    await expect(insert(indicador, fecha, valor)).rejects.toThrow("indicadores_pkey");
  });

  test.each([
    ["USD", "2026-02-01", 900, "indicadores_indicador_check"],
    ["UTM", "2026-02-02", 68923, "indicadores_mensual"],
    ["UF", "2026-02-01", 0, "indicadores_positivo"],
  ])("refuse %s of %s with %d", async (indicador, fecha, valor, constraint) => {
    await expect(insert(indicador, fecha, valor)).rejects.toThrow(constraint);
  });
});

test("every table says what it is for", async () => {
  expect(
    await column(
      "select relname from pg_class where relnamespace = 'parametros'::regnamespace and relkind = 'r' and obj_description(oid) is null",
    ),
  ).toEqual([]);
});
