import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { secret, UNKNOWN } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { freePort } from "../support/free-port.ts";
import { serverStatus } from "../../src/server/server-status.ts";
import { stopServer } from "../../src/server/stop-server.ts";
import { scratchDirectory } from "../support/cluster.ts";
import { runDirectory } from "../support/run-directory.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";

const DIRECTORY = ".tenantry/dev/server";
const PASSWORD = "correct horse battery staple";

const hba = ["host all all 127.0.0.1/32 scram-sha-256"];
const parameters = { listen_addresses: "127.0.0.1", fsync: "off", shared_buffers: "16MB" };
const configuration = { directory: DIRECTORY, hba, parameters };

let port: number;
let root: string;
let plugin: TenantryPlugin;

const start = async (more: Properties = {}): Promise<TenantryPlugin> =>
  TenantryPlugin.start(root, { port, password: secret(PASSWORD), disposable: true, ...more });

const server = (startDigest: unknown, more: Properties = {}): Properties => ({
  directory: DIRECTORY,
  port,
  user: "postgres",
  password: secret(PASSWORD),
  startDigest: startDigest as string,
  restartPolicy: "allow",
  ...more,
});

const login = async (password = PASSWORD): Promise<pg.Client> => {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", password });
  client.on("error", () => undefined);
  await client.connect();
  return client;
};

beforeAll(async () => {
  root = projectDirectory();
  port = await freePort();
  plugin = await start();
});
afterAll(async () => {
  await plugin.stop();
});

test("the life of a server", async () => {
  const { startDigest } = await plugin.resource("ConfigFiles").apply(configuration);
  const postgresql = plugin.resource("EmbeddedServer");
  const data = join(root, DIRECTORY, "data");
  const inputs = server(startDigest);

  // A preview shows what will be, and makes nothing.
  expect(await postgresql.preview(inputs)).toEqual({
    ...inputs,
    running: true,
    version: UNKNOWN,
    systemIdentifier: UNKNOWN,
    dataDirectory: data,
    startedWith: startDigest,
  });
  expect(existsSync(data)).toBe(false);

  // A port in use is told before anything is made.
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  const taken = new RegExp(`Port ${port} is in use by process ${process.pid} .*TNT-226`, "s");
  await expect(postgresql.preview(inputs)).rejects.toThrow(taken);
  await expect(postgresql.apply(inputs)).rejects.toThrow(taken);
  expect(existsSync(data)).toBe(false);
  other.close();

  // Created, running, and nobody but the administrator's password opens it.
  const outputs = await postgresql.apply(inputs);
  expect(outputs).toMatchObject({ running: true, dataDirectory: data });
  expect(outputs.version).toMatch(/^16\.\d+$/);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  await (await login()).end();
  await expect(login("wrong")).rejects.toThrow(/password authentication failed/);
  expect(await postgresql.diff(inputs)).toMatchObject({ changes: "none", detailed: {} });

  // It survives the plugin.
  await plugin.stop();
  expect(serverStatus(data)?.ready).toBe(true);
  plugin = await start();
  const again = plugin.resource("EmbeddedServer", "it", postgresql.state);
  expect((await again.diff(inputs)).changes).toBe("none");

  // Stopped: no green `up`.
  await stopServer(data);
  expect((await again.diff(inputs)).detailed).toEqual({ running: "UPDATE of outputs" });
  expect((await again.refresh())?.outputs.running).toBe(false);
  await again.preview(inputs);
  expect(serverStatus(data)).toBeUndefined();
  await again.apply(inputs);
  expect(serverStatus(data)?.ready).toBe(true);

  // kill -9, with a backend still there, and at once again.
  const client = await login();
  const killed = serverStatus(data)?.pid ?? 0;
  process.kill(killed, "SIGKILL");
  await again.apply(inputs);
  expect(serverStatus(data)).toMatchObject({ ready: true, port });
  expect(serverStatus(data)?.pid).not.toBe(killed);
  await client.end().catch(() => undefined);

  // Another password, through its verifier only.
  const changed = { ...inputs, password: secret("another password") };
  expect((await again.diff(changed)).detailed).toEqual({ password: "UPDATE" });
  await again.apply(changed);
  await expect(login()).rejects.toThrow(/password authentication failed/);
  await (await login("another password")).end();
  await again.apply(inputs);

  // A start-only setting: pending while restarts are not allowed, and the restart as soon as they are.
  const before = serverStatus(data)?.pid;
  const more = await plugin.resource("ConfigFiles").apply({
    ...configuration,
    parameters: { ...parameters, shared_buffers: "24MB" },
  });
  const denied = server(more.startDigest, { restartPolicy: "deny" });
  await again.apply(denied);
  expect(serverStatus(data)?.pid).toBe(before);
  expect((await again.diff(denied)).changes).toBe("none");
  const allowed = server(more.startDigest);
  expect((await again.diff(allowed)).detailed).toEqual({
    restartPolicy: "UPDATE",
    startDigest: "UPDATE of outputs",
  });
  await again.apply(allowed);
  expect(serverStatus(data)?.pid).not.toBe(before);
  expect((await again.diff(allowed)).changes).toBe("none");

  // Newer programs.
  const { outputs: current } = again;
  again.state = { id: DIRECTORY, inputs: allowed, outputs: { ...current, version: "16.0" } };
  expect((await again.diff(allowed)).detailed).toEqual({ version: "UPDATE of outputs" });
  await again.apply(allowed);
  expect(again.outputs).toEqual(current);

  // Another port, if it is free.
  const free = await freePort();
  const occupant = createServer().listen(free, "127.0.0.1");
  await once(occupant, "listening");
  await expect(again.preview({ ...allowed, port: free })).rejects.toThrow(/TNT-226/);
  await expect(again.apply({ ...allowed, port: free })).rejects.toThrow(/TNT-226/);
  expect(serverStatus(data)).toMatchObject({ ready: true, port });
  occupant.close();
  await again.apply({ ...allowed, port: free });
  expect(serverStatus(data)?.port).toBe(free);
  await again.apply(allowed);

  // What identifies it cannot change.
  expect(await again.check({ ...allowed, user: "admin", port: 0 })).toEqual([
    "port: port has to be a whole number from 1 to 65535; it is 0.",
    'user: user of a server that is there cannot change (it is "postgres"): its data would be lost.',
  ]);

  // Data that is gone is not replaced by an empty server.
  await stopServer(data);
  renameSync(data, `${data}.away`);
  await expect(again.preview(allowed)).rejects.toThrow(/TNT-234/);
  await expect(again.apply(allowed)).rejects.toThrow(/TNT-234/);
  expect(existsSync(data)).toBe(false);
  renameSync(`${data}.away`, data);

  // Removed, and a second time without an error.
  const { state } = again;
  await again.remove();
  expect(existsSync(data)).toBe(false);
  again.state = state;
  await again.remove();
});

test("what an interrupted run left is taken over when the password opens it", async () => {
  const { startDigest } = await plugin.resource("ConfigFiles").apply(configuration);
  const first = plugin.resource("EmbeddedServer");
  const { systemIdentifier, dataDirectory } = await first.apply(server(startDigest));
  const data = dataDirectory as string;
  await stopServer(data);
  const second = plugin.resource("EmbeddedServer");
  expect((await second.apply(server(startDigest))).systemIdentifier).toBe(systemIdentifier);

  const foreign = plugin.resource("EmbeddedServer");
  const other = server(startDigest, { password: secret("somebody else's") });
  await expect(foreign.apply(other)).rejects.toThrow(
    /another password than this stack's.*TNT-232/s,
  );
  expect(serverStatus(data)?.ready).toBe(true);
  await stopServer(data);
  await expect(foreign.apply(other)).rejects.toThrow(/TNT-232/);
  expect(serverStatus(data)).toBeUndefined();

  writeFileSync(join(data, "PG_VERSION"), "15\n");
  const third = plugin.resource("EmbeddedServer");
  await expect(third.preview(server(startDigest))).rejects.toThrow(/PostgreSQL 15;.*TNT-223/s);
  writeFileSync(join(data, "PG_VERSION"), "16\n");
  await second.remove();
});

test("two at once make one server", async () => {
  const { startDigest } = await plugin.resource("ConfigFiles").apply(configuration);
  const rival = await start();
  const both = [plugin, rival].map((one) => one.resource("EmbeddedServer"));
  const [a, b] = await Promise.all(both.map((one) => one.apply(server(startDigest))));
  expect(a).toEqual(b);
  await rival.stop();
  await both[0]!.remove();
});

/** Files that appear in a server's folder while it is made, one after the other. */
const STEPS = [
  ["initdb begins", /^data\.new-[^/]+$/],
  ["initdb works", /^data\.new-[^/]+\/data\/PG_VERSION$/],
  ["the data is whole", /^data\/PG_VERSION$/],
  ["the server is launched", /^server\.log$/],
  ["the server starts", /^data\/postmaster\.pid$/],
] as const;

/** The names in a folder, which may have gone since. */
const namesIn = (path: string): string[] => {
  try {
    return readdirSync(join(root, DIRECTORY, path)).map((name) => join(path, name));
  } catch {
    return [];
  }
};
const filesOfServer = (): string[] => {
  const names = namesIn("");
  const folders = names.filter((name) => name.startsWith("data"));
  return [...names, ...folders.flatMap((name) => [name, join(name, "data")]).flatMap(namesIn)];
};

test.each(STEPS)(
  "a plugin killed when %s leaves nothing that the next one cannot finish",
  async (_, file) => {
    const { startDigest } = await plugin.resource("ConfigFiles").apply(configuration);
    const inputs = server(startDigest);
    const heir = plugin.resource("EmbeddedServer");
    const victim = await start();
    // However this ends, the tests after it find neither a server nor its data.
    onTestFinished(async () => {
      victim.process.process.kill("SIGKILL");
      victim.engine.close();
      await stopServer(join(root, DIRECTORY, "data"), "immediate");
      rmSync(join(root, DIRECTORY, "data"), { recursive: true, force: true });
      rmSync(join(root, DIRECTORY, "server.log"), { force: true });
    });
    const doomed = victim.resource("EmbeddedServer").apply(inputs);
    doomed.catch(() => undefined);
    while (!filesOfServer().some((name) => file.test(name))) await sleep(1);
    victim.process.process.kill("SIGKILL");
    expect(await victim.process.exited).toEqual([null, "SIGKILL"]);
    // The last step may have been its end.
    await doomed.catch(() => undefined);
    expect(await heir.apply(inputs)).toMatchObject({ running: true });
    expect(readdirSync(join(root, DIRECTORY)).toSorted()).toEqual(["config", "data", "server.log"]);
    await (await login()).end();
    await heir.remove();
  },
);

test("only a disposable stack's server can be removed", async () => {
  const careful = await start({ disposable: false });
  const state = { id: DIRECTORY, inputs: {}, outputs: {} };
  const kept = careful.resource("EmbeddedServer", "it", state);
  await expect(kept.remove()).rejects.toThrow(/TNT-470/);
  await careful.stop();
});

test("a server that cannot start shows the end of its log", async () => {
  const broken = { ...configuration, parameters: { ...parameters, shared_buffers: "1000TB" } };
  const files = plugin.resource("ConfigFiles");
  await expect(files.apply(broken)).rejects.toThrow(/TNT-230/);
  const { startDigest } = await files.apply({
    ...configuration,
    parameters: { ...parameters, listen_addresses: "192.0.2.1" },
  });
  const postgresql = plugin.resource("EmbeddedServer");
  await expect(postgresql.apply(server(startDigest))).rejects.toThrow(
    /did not start.*could not create any TCP\/IP sockets.*TNT-228/s,
  );
  const log = readFileSync(join(root, DIRECTORY, "server.log"), "utf8");
  expect(log).not.toContain(PASSWORD);
});

test.runIf(process.geteuid?.() === 0)(
  "a project that PostgreSQL's account cannot enter has its server elsewhere",
  async () => {
    const closed = scratchDirectory("closed");
    const project = projectDirectory(closed);
    chmodSync(closed, 0o700);
    const other = await TenantryPlugin.start(project, {
      port,
      password: secret(PASSWORD),
      disposable: true,
    });
    const files = other.resource("ConfigFiles");
    const { startDigest, configFile } = await files.apply(configuration);
    const postgresql = other.resource("EmbeddedServer");
    const { dataDirectory } = await postgresql.apply(server(startDigest));
    const outside = join(runDirectory(), "outside");
    expect(configFile).toMatch(new RegExp(`^${outside}/[0-9a-f]{16}/config/postgresql.conf$`));
    expect(dataDirectory).toMatch(new RegExp(`^${outside}/[0-9a-f]{16}/data$`));
    expect(existsSync(join(project, ".tenantry"))).toBe(false);
    expect((await postgresql.diff(server(startDigest))).changes).toBe("none");
    await postgresql.remove();
    await files.remove();
    await other.stop();
  },
);

test("no secret is in an error, in a plain output or on a stream", async () => {
  const inputs = server("x", { password: secret("secret\u00e9password") });
  const failures = await plugin.resource("EmbeddedServer").check({ ...inputs, port: 0 });
  expect(failures).toContain("password: password may hold printable ASCII characters only.");
  expect(failures.join()).not.toContain("secret");
  expect(plugin.process.stderr).toBe("");
});
