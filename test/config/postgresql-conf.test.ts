import { join } from "node:path";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MEGABYTE } from "../../src/core/memory-size.ts";
import { renderPostgresqlConf } from "../../src/core/postgresql-conf.ts";
import { fixedMemory } from "../../src/core/tuning.ts";
import { findBinaries } from "../../src/server/binaries.ts";
import { preflight } from "../../src/server/preflight.ts";
import { hbaLines } from "../../src/settings/hba-lines.ts";
import { serverParameters } from "../../src/settings/server-parameters.ts";
import { loadStackFile, settingsOfStack } from "../../src/settings/stack-file.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { checkout, makeProject } from "../support/project.ts";

/** The settings of a stack with this `server`. */
function settingsWith(server: object) {
  const root = makeProject({
    "stacks/Pulumi.dev.yaml": JSON.stringify({ config: { "tenantry:server": server } }),
  });
  return settingsOfStack({ root, stackFile: loadStackFile({ root, stack: "dev" }) });
}

const dev = settingsOfStack({
  root: checkout,
  stackFile: loadStackFile({ root: checkout, stack: "dev" }),
});

/** The multi-tenant document's postgresql.conf, for a server of 8 GB. */
const DOCUMENT = {
  listen_addresses: "localhost",
  max_connections: "100",
  shared_buffers: "2GB",
  effective_cache_size: "6GB",
  work_mem: "64MB",
  maintenance_work_mem: "512MB",
  wal_level: "replica",
  max_wal_size: "2GB",
  min_wal_size: "1GB",
  checkpoint_completion_target: "0.9",
  random_page_cost: "1.1",
  effective_io_concurrency: "200",
  log_destination: "stderr",
  logging_collector: "on",
  log_statement: "ddl",
  log_min_duration_statement: "1000",
  autovacuum: "on",
  autovacuum_max_workers: "3",
  autovacuum_naptime: "60",
};

test("a server of 8 GB gets the document's values, with the corrections", () => {
  const parameters = serverParameters(settingsWith({ memory: "8 GB" }), "linux");
  expect(parameters).toMatchObject({
    ...DOCUMENT,
    work_mem: "12MB",
    logging_collector: "off",
    log_parameter_max_length: "0",
  });
});

test("a stack's own parameters win over the file's and over derived ones", () => {
  const parameters = {
    work_mem: "5MB",
    log_statement: "none",
    "auto_explain.log_min_duration": "1s",
  };
  expect(serverParameters(settingsWith({ parameters }))).toMatchObject(parameters);
});

test("effective_io_concurrency is left out where PostgreSQL refuses it", () => {
  expect(serverParameters(dev, "darwin")).not.toHaveProperty("effective_io_concurrency");
});

test.each([
  { memory: "256 MB", connections: 20 },
  { memory: "1 GB" },
  { memory: "8 GB", capacity: { tenants: 1024 } },
  { memory: "512 GB", connections: 2000, capacity: { tenants: 16_384 } },
])("PostgreSQL's own program takes the file for %j", async (server) => {
  const text = renderPostgresqlConf(serverParameters(settingsWith(server)));
  await preflight(findBinaries(), text, ["pg_stat_statements"]);
});

/** Runs with a private server that has these settings, on an address of the tests'. */
async function withServer(
  parameters: Record<string, string>,
  run: (cluster: TestCluster) => Promise<void>,
): Promise<void> {
  const settings = { ...parameters, listen_addresses: "127.0.0.1" };
  const cluster = await startCluster({ settings });
  try {
    await run(cluster);
  } finally {
    await cluster.stop();
  }
}

async function query<R extends object>(cluster: TestCluster, text: string): Promise<R[]> {
  const client = await cluster.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

test("a real server runs with the configuration of the stack dev, and finds no mistake in its files", async () => {
  const parameters = serverParameters(dev);
  await withServer(parameters, async (cluster) => {
    // What initdb wrote into the file that is replaced here; PostgreSQL complains of a line that vanishes.
    const dynamic_shared_memory_type = "posix";
    const running = { ...parameters, listen_addresses: cluster.host, dynamic_shared_memory_type };
    writeFileSync(join(cluster.dataDirectory, "postgresql.conf"), renderPostgresqlConf(running));
    writeFileSync(join(cluster.dataDirectory, "pg_hba.conf"), hbaLines(dev).join("\n"));

    const settings = await query(cluster, "select name, setting, error from pg_file_settings");
    expect(settings).toEqual(
      Object.entries(running).map(([name, setting]) => ({ name, setting, error: null })),
    );
    const rules = await query(
      cluster,
      "select type, database[1] as database, user_name[1] as role, address, auth_method, error from pg_hba_file_rules",
    );
    expect(rules).toHaveLength(dev.server.hba.length);
    expect(rules.filter((rule) => (rule as { error: unknown }).error !== null)).toEqual([]);
    expect(rules.at(-1)).toMatchObject({ role: "all", address: "all", auth_method: "reject" });
    expect(rules).toContainEqual(
      expect.objectContaining({ database: "nostromo", role: "+nostromo_backup", address: "::1" }),
    );
  });
});

test("the shared memory a server asks for is what its size was reckoned with", async () => {
  const settings = settingsWith({ memory: "2 GB", connections: 100, capacity: { tenants: 2048 } });
  const { memoryBytes, connections, capacity } = settings.server;
  const reckoned = fixedMemory({
    memoryBytes,
    connections,
    tenants: capacity.tenants,
    linux: true,
  });
  await withServer(serverParameters(settings), async (cluster) => {
    const [row] = await query<{ megabytes: string }>(
      cluster,
      "select setting as megabytes from pg_settings where name = 'shared_memory_size'",
    );
    const megabytes = Number(row?.megabytes);
    expect(reckoned / MEGABYTE).toBeGreaterThan(megabytes * 0.95);
    expect(reckoned / MEGABYTE).toBeLessThan(megabytes * 1.05);
  });
});

test("PostgreSQL reads every rendered text as it was meant", async () => {
  await withServer({}, async (cluster) => {
    const text = fc
      .string({ unit: "grapheme" })
      .filter((one) => one.isWellFormed() && !one.includes("\0"));
    const samples = fc.sample(
      fc.oneof(text, fc.constantFrom("it's", "a\\b", "\\'", "\n\r\t", "# no comment", "")),
      200,
    );
    const parameters = Object.fromEntries(
      samples.map((value, index) => [`tenantry.sample_${index}`, value]),
    );
    writeFileSync(join(cluster.dataDirectory, "postgresql.conf"), renderPostgresqlConf(parameters));
    const rows = await query<{ name: string; setting: string }>(
      cluster,
      "select name, setting from pg_file_settings where name like 'tenantry.%' order by seqno",
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual(
      parameters,
    );
  });
});
