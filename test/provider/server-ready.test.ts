import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { secret, UNKNOWN } from "../../src/protocol/values.ts";
import { freePort } from "../support/free-port.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";

const inputs = { configuration: "digest-1", deadlineSeconds: 20 };

let cluster: TestCluster;
let plugin: TenantryPlugin;
let conf: string;
let hba: string;

const ask = async (query: string): Promise<unknown> => {
  const client = await cluster.connect();
  const { rows } = await client.query<Record<string, unknown>>(query);
  await client.end();
  return Object.values(rows[0] ?? {})[0];
};

beforeAll(async () => {
  cluster = await startCluster();
  conf = join(cluster.dataDirectory, "postgresql.conf");
  hba = join(cluster.dataDirectory, "pg_hba.conf");
  const { port, password } = cluster;
  plugin = await TenantryPlugin.start(projectDirectory(), { port, password: secret(password) });
});
afterAll(async () => {
  await plugin.stop();
  await cluster.stop();
});

test("a changed configuration is loaded before anything goes on", async () => {
  const ready = plugin.resource("ServerReady");
  expect(await ready.check({ configuration: "", deadlineSeconds: 0 })).toHaveLength(2);
  expect(await ready.preview(inputs)).toMatchObject({ version: UNKNOWN, pendingRestart: UNKNOWN });

  appendFileSync(conf, "work_mem = '5MB'\nmax_connections = 60\n");
  expect(await ask("show work_mem")).toBe("4MB");
  const outputs = await ready.apply(inputs);
  expect(await ask("show work_mem")).toBe("5MB");
  expect(outputs).toEqual({
    ...inputs,
    version: expect.stringMatching(/^16\.\d+$/) as string,
    systemIdentifier: await ask("select system_identifier::text from pg_control_system()"),
    // The cluster's own command line sets shared_buffers, and initdb's file says otherwise.
    pendingRestart: ["max_connections", "shared_buffers"],
  });
  expect((await ready.diff(inputs)).changes).toBe("none");
  expect((await ready.diff({ ...inputs, configuration: "digest-2" })).detailed).toEqual({
    configuration: "UPDATE",
  });

  // A second time there is nothing new to load, and the reload is seen all the same.
  expect(await ready.apply(inputs)).toEqual(outputs);
  expect((await ready.refresh())?.outputs).toEqual(outputs);
});

test.each([
  ["postgresql.conf", () => conf, "work_mem = 'a lot'", /postgresql\.conf:\d+ work_mem: /],
  [
    "pg_hba.conf",
    () => hba,
    "host all all nowhere/99 scram-sha-256",
    /pg_hba\.conf:\d+ .*"nowhere\/99"/,
  ],
])(
  "errors in %s are told with their line, and the server keeps its settings",
  async (_, file, line, says) => {
    const good = readFileSync(file(), "utf8");
    writeFileSync(file(), `${good}\n${line}\n`);
    const ready = plugin.resource("ServerReady");
    await expect(ready.apply(inputs)).rejects.toThrow(says);
    expect(await ask("show work_mem")).toBe("5MB");
    writeFileSync(file(), good);
  },
);

test("the administrator's new password is given to the server, and the old one refused", async () => {
  const own = await startCluster();
  onTestFinished(() => own.stop());
  const state = { id: "server", inputs, outputs: {} };
  const readyWith = async (password: string) => {
    const settings = { port: own.port, password: secret(password) };
    const other = await TenantryPlugin.start(projectDirectory(), settings);
    onTestFinished(() => other.stop());
    const ready = other.resource("ServerReady", "it", state);
    return { ready, declared: { ...inputs, password: secret(password) } };
  };

  const { ready: before, declared } = await readyWith(own.password);
  const outputs = await before.apply(declared);
  expect(outputs.password).toEqual(secret(own.password));
  Object.assign(state, { inputs: declared, outputs });

  const { ready, declared: changed } = await readyWith("the new one");
  expect((await ready.diff(changed)).detailed).toEqual({ password: "UPDATE" });
  await ready.preview(changed);
  await (await own.connect()).end();
  await ready.apply(changed);
  await expect(own.connect()).rejects.toMatchObject({ code: "28P01" });
  await (await own.connect({ password: "the new one" })).end();
  // A run that ended between the change and its record is done again.
  ready.state = state;
  await ready.apply(changed);
  expect(readFileSync(own.logFile, "utf8")).not.toContain("the new one");

  expect(await ready.check({ ...changed, password: secret("contrase\u00f1a") })).toEqual([
    "password: password may hold printable ASCII characters only.",
  ]);
});

test("a wrong password is told at once, without the password", async () => {
  const { port } = cluster;
  const wrong = secret("not-the-password");
  const other = await TenantryPlugin.start(projectDirectory(), { port, password: wrong });
  const started = performance.now();
  const error: unknown = await other
    .resource("ServerReady")
    .apply(inputs)
    .catch((e: unknown) => e);
  expect(String(error)).toMatch(/password authentication failed/);
  expect(String(error)).not.toContain("not-the-password");
  expect(performance.now() - started).toBeLessThan(3_000);
  await other.stop();
});

test("a server that does not come is waited for, up to the deadline", async () => {
  const port = await freePort();
  const other = await TenantryPlugin.start(projectDirectory(), { port });
  const ready = other.resource("ServerReady");
  await expect(ready.apply({ ...inputs, deadlineSeconds: 1 })).rejects.toThrow(
    new RegExp(`127.0.0.1:${port} took no login within 1 s.*ECONNREFUSED.*TNT-231`, "s"),
  );
  ready.state = { id: "server", inputs, outputs: inputs };
  expect((await ready.diff(inputs)).detailed).toEqual({ running: "UPDATE of outputs" });
  expect(await ready.refresh()).toMatchObject({ outputs: inputs });
  await other.stop();
});
