import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadIndicadores } from "../../src/fleet/load-indicadores.ts";
import type { RoleNames } from "../../src/core/roles.ts";
import { sharedCluster } from "../support/cluster.ts";

const migrations = join(import.meta.dirname, "..", "..", "sql", "parametros");
const owner = `indicadores_owner_${process.pid}`;
const roles: RoleNames = {
  owner,
  user: "u",
  app: "a",
  readonly: "r",
  monitor: "m",
  backup: "b",
};

let directory: string;
let pool: pg.Pool;
let emptyPool: pg.Pool;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "indicadores-"));
  const cluster = await sharedCluster();
  emptyPool = cluster.pool({ max: 1 });
  pool = cluster.pool({ max: 2, database: await cluster.createDatabase("indicadores") });
  // The owner alone may write: what the load does as anyone else fails.
  await pool.query(
    `create role ${owner}; create schema parametros authorization ${owner}; create schema central authorization ${owner}`,
  );
  const read = (file: string): string => readFileSync(join(migrations, file), "utf8");
  const log = /create table central\.audit_log \([^;]*;/.exec(read("../central/003_audit_log.sql"));
  await pool.query(
    `begin; set local role ${owner}; ${read("003_indicadores.sql")} ${log?.[0]} commit;`,
  );
});

afterAll(async () => {
  await pool.query(`drop schema parametros, central cascade; drop role ${owner};`);
  await Promise.all([pool.end(), emptyPool.end()]);
  rmSync(directory, { recursive: true });
});

const write = (...lines: string[]): string => {
  const file = join(directory, "indicadores.csv");
  writeFileSync(file, ["indicador,fecha,valor", ...lines].join("\n"));
  return file;
};
const load = (...lines: string[]): Promise<unknown> =>
  loadIndicadores({ pool, roles }, write(...lines));
const stored = async (): Promise<unknown[]> => {
  const sql =
    "select indicador, fecha::text, valor::text from parametros.indicadores order by 1, 2";
  return (await pool.query<Record<string, string>>(sql)).rows;
};

test("values are added, corrected and left alone, digit for digit", async () => {
  expect(await load("UF,2026-01-30,39480.11", "UF,2026-01-31,39485.65")).toEqual({
    added: 2,
    changed: 0,
    unchanged: 0,
  });
  expect(
    await load("UF,2026-01-30,39480.11", "UF,2026-01-31,39485.66", "IPC,2026-01-01,-0.1"),
  ).toEqual({ added: 1, changed: 1, unchanged: 1 });
  expect(await stored()).toEqual([
    { indicador: "IPC", fecha: "2026-01-01", valor: "-0.1000" },
    { indicador: "UF", fecha: "2026-01-30", valor: "39480.1100" },
    { indicador: "UF", fecha: "2026-01-31", valor: "39485.6600" },
  ]);
});

test("a load is in the audit log, with each value that was corrected; one that changes nothing is not", async () => {
  const entries = async (): Promise<unknown[]> =>
    (
      await pool.query<Record<string, unknown>>(
        "select actor, action, tenant_id, before, after, run_id from central.audit_log order by id",
      )
    ).rows;
  const before = await entries();
  const file = write("UF,2026-01-30,39480.12", "UF,2026-02-01,39490", "UF,2026-01-31,39485.66");
  await loadIndicadores({ pool, roles, runId: "run-1" }, file);
  await loadIndicadores({ pool, roles, runId: "run-2" }, file);
  expect((await entries()).slice(before.length)).toEqual([
    {
      actor: pool.options.user,
      action: "indicadores.loaded",
      tenant_id: null,
      before: { "UF 2026-01-30": "39480.1100" },
      after: { file: "indicadores.csv", added: 1, changed: 1, "UF 2026-01-30": "39480.1200" },
      run_id: "run-1",
    },
  ]);
});

test("a file with mistakes changes nothing and names each of its lines", async () => {
  const before = await stored();
  await expect(load("UF,2026-02-01,1", "UF,2026-02-30,x", "UTM,2026-02-02,1")).rejects.toThrow(
    /3 mistakes[^]*\.csv:3: fecha[^]*\.csv:3: valor[^]*\.csv:4: fecha[^]*\[TNT-551\]/,
  );
  expect(await stored()).toEqual(before);
});

test("a file that is not there is named", async () => {
  const load = loadIndicadores({ pool, roles }, join(directory, "none.csv"));
  await expect(load).rejects.toThrow(/none\.csv" cannot be read: ENOENT.*\[TNT-550\]/);
});

test("a database without the table asks for an up", async () => {
  const load = loadIndicadores({ pool: emptyPool, roles }, write("UF,2026-02-01,1"));
  await expect(load).rejects.toThrow(/TNT-552/);
});

test("a load that is cancelled changes nothing", async () => {
  const before = await stored();
  const load = loadIndicadores(
    { pool, roles, signal: AbortSignal.abort() },
    write("UF,2026-03-01,1"),
  );
  await expect(load).rejects.toThrow(/abort/);
  expect(await stored()).toEqual(before);
});
