import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Properties } from "../../src/protocol/values.ts";
import { secret, UNKNOWN } from "../../src/protocol/values.ts";
import { freePort } from "../support/free-port.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";

let cluster: TestCluster;
let plugin: TenantryPlugin;
let inputs: Properties;

beforeAll(async () => {
  cluster = await startCluster({ settings: { work_mem: "5MB" } });
  const { host, port, password } = cluster;
  const settings = { port, password: secret(password), maintenanceDatabase: "template1" };
  plugin = await TenantryPlugin.start(projectDirectory(), settings);
  inputs = { host, port, parameters: { work_mem: "6MB" }, without: [], deadlineSeconds: 5 };
});
afterAll(async () => {
  await plugin.stop();
  await cluster.stop();
});

const run = async (statement: string): Promise<void> => {
  const client = await cluster.connect();
  await client.query(statement);
  await client.end();
};

test("a server is looked at, and what differs is an output and drift", async () => {
  const server = plugin.resource("ExistingServer");
  expect(await server.check({ ...inputs, port: 0, parameters: [] })).toHaveLength(2);
  expect(await server.preview(inputs)).toMatchObject({ version: UNKNOWN, differences: UNKNOWN });
  const outputs = await server.apply(inputs);
  expect(outputs).toMatchObject({
    version: expect.stringMatching(/^16\./) as string,
    differences: [{ name: "work_mem", declared: "6MB", found: "5MB", needsRestart: false }],
    lacking: [],
    fileProblems: [],
  });
  expect((await server.diff(inputs)).changes).toBe("none");
  await run("alter system set jit = off");
  expect((await server.refresh())?.outputs).toEqual(outputs);
  const more = { ...inputs, parameters: { work_mem: "5MB" } };
  expect((await server.diff(more)).detailed).toEqual({ "parameters.work_mem": "UPDATE" });
  expect(await server.apply(more)).toMatchObject({ differences: [] });
});

test("another server behind the same declaration is refused", async () => {
  const server = plugin.resource("ExistingServer");
  const outputs = await server.apply(inputs);
  const state = { id: "server", inputs, outputs: { ...outputs, systemIdentifier: "1" } };
  const moved = plugin.resource("ExistingServer", "it", state);
  expect((await moved.diff({ ...inputs, host: "localhost" })).detailed).toEqual({ host: "UPDATE" });
  await expect(moved.apply({ ...inputs, host: "localhost" })).rejects.toThrow(
    /not the server that this stack was made on \(system identifier 1\).*TNT-263/,
  );
  // A refresh takes over that it is another one now.
  await moved.refresh();
  await moved.apply({ ...inputs, host: "localhost" });
});

test("names that are taken fail it, and keep it for the run after the import", async () => {
  await run("create role nostromo_app");
  onTestFinished(() => run("drop role nostromo_app"));
  const server = plugin.resource("ExistingServer");
  await expect(server.apply(inputs)).rejects.toThrow(/role nostromo_app.*TNT-262/s);
  const kept = plugin.resource("ExistingServer", "it", { id: "server", inputs, outputs: {} });
  await kept.refresh();
  await kept.apply(inputs);
});

test("a server that is not there is told after the deadline, and seen in a preview", async () => {
  const port = await freePort();
  const other = await TenantryPlugin.start(projectDirectory(), { port });
  onTestFinished(() => other.stop());
  const server = other.resource("ExistingServer");
  await expect(server.apply({ ...inputs, port, deadlineSeconds: 1 })).rejects.toThrow(/TNT-231/);
  server.state = { id: "server", inputs, outputs: inputs };
  expect((await server.diff(inputs)).detailed).toEqual({ running: "UPDATE of outputs" });
  expect((await server.refresh())?.outputs).toEqual(inputs);
});

test("the administrator becomes a member of the owner role, and a loss of that is drift", async () => {
  await run("create role clerk login createrole password 'clerk'");
  const { port } = cluster;
  const settings = { port, user: "clerk", password: secret("clerk") };
  const other = await TenantryPlugin.start(projectDirectory(), settings);
  onTestFinished(() => other.stop());
  const clerk = await cluster.connect({ user: "clerk", password: "clerk" });
  await clerk.query("create role some_owner");
  await expect(clerk.query("set role some_owner")).rejects.toThrow("permission denied");

  const membership = other.resource("OwnerMembership");
  const declared = { role: "some_owner", administrator: "clerk" };
  await membership.preview(declared);
  await expect(clerk.query("set role some_owner")).rejects.toThrow("permission denied");
  await membership.apply(declared);
  await clerk.query("set role some_owner");
  await clerk.end();
  expect(await membership.refresh()).toMatchObject({ outputs: declared });
  await run("revoke some_owner from clerk granted by clerk");
  expect(await membership.refresh()).toBeUndefined();
});
