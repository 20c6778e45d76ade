import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import { afterEach, expect, test, vi } from "vitest";
import { PluginClient } from "../../src/protocol/plugin-client.ts";
import { UNKNOWN, secret } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { PluginProcess } from "../support/plugin-process.ts";

const MAIN = fileURLToPath(new URL("../support/sample-plugin/main.ts", import.meta.url));
const URN = "urn:pulumi:dev::project::a:b:Parent$sample:index:Thing::it";

const started: PluginProcess[] = [];

async function startSample(...args: string[]): Promise<PluginProcess> {
  const plugin = await PluginProcess.start(process.execPath, [MAIN, ...args]);
  started.push(plugin);
  return plugin;
}

afterEach(() => {
  for (const plugin of started.splice(0)) plugin.process.kill("SIGKILL");
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("it says what it can do, and leaves the rest unimplemented", async () => {
  const plugin = await startSample();
  expect(await plugin.handshake()).toMatchObject({ acceptSecrets: true, acceptOutputs: false });
  expect(await plugin.info()).toEqual({ version: "1.2.3" });
  expect(await plugin.configure({})).toMatchObject({
    acceptsecrets: true,
    supportspreview: true,
    acceptoutputs: false,
  });
  const client = new PluginClient(plugin.address);
  await expect(client.invoke("sample:index:f", {}, false)).rejects.toMatchObject({
    code: status.UNIMPLEMENTED,
  });
  client.close();
});

test("the provider's arguments arrive with their types, and plain", async () => {
  const plugin = await startSample();
  const configuration = { port: 5432, on: true, roles: { owner: "o" }, list: [1, "a"] };
  await plugin.configure({ ...configuration, password: secret("pa") });
  const { outputs } = await plugin.create(URN, {});
  expect(outputs.configuration).toEqual({ ...configuration, password: "pa" });
  expect(await plugin.checkConfig(URN, { password: secret("pa") })).toEqual({
    inputs: { password: secret("pa") },
    failures: [],
  });
});

test("check answers inputs or failures, and keeps secrets and unknowns", async () => {
  const plugin = await startSample();
  const news: Properties = { nested: { key: secret("s") }, later: UNKNOWN, both: secret(UNKNOWN) };
  expect(await plugin.check(URN, news, { a: 1, b: 2 })).toEqual({
    inputs: { ...news, called: "it", seen: 2 },
    failures: [],
  });
  expect(await plugin.check(URN, { bad: ["x"] })).toEqual({
    inputs: { bad: ["x"] },
    failures: [{ property: "bad", reason: 'It is ["x"].' }],
  });
});

test("diff names each nested change, and compares secrets by value", async () => {
  const plugin = await startSample();
  const oldInputs: Properties = {
    spec: { company: "a", state: "active" },
    hba: ["x", "y"],
    key: secret("1"),
    gone: true,
  };
  const olds = { ...oldInputs, output: 1 };
  const same = await plugin.diff(URN, "id", { oldInputs, olds, news: { ...oldInputs, key: "1" } });
  expect(same).toEqual({
    changes: "none",
    replaces: [],
    diffs: [],
    detailed: {},
    deleteBeforeReplace: false,
  });
  const news: Properties = {
    spec: { company: "b", state: "active", pin: 3 },
    hba: ["x", "z", UNKNOWN],
    key: secret("2"),
  };
  const changed = await plugin.diff(URN, "id", { oldInputs, olds, news });
  expect(changed).toMatchObject({
    changes: "some",
    replaces: [],
    diffs: ["gone", "hba", "key", "spec"],
    detailed: {
      "spec.company": "UPDATE",
      "spec.pin": "ADD",
      "hba[1]": "UPDATE",
      "hba[2]": "ADD",
      key: "UPDATE",
      gone: "DELETE",
    },
  });
});

test("inputs that were secret come back secret, and so do marked outputs", async () => {
  const plugin = await startSample();
  const inputs: Properties = { list: ["a", secret("b")], nested: { key: secret({ deep: [1] }) } };
  const { id, outputs } = await plugin.create(URN, inputs);
  expect(id).toBe("thing-1");
  expect(outputs).toMatchObject({ ...inputs, token: secret("made up") });
  const updated = await plugin.update(URN, id, { oldInputs: inputs, olds: outputs, news: inputs });
  expect(updated).toMatchObject({ ...inputs, token: secret("made up") });
  // The handler saw plain values.
  expect(updated.before).toMatchObject([{ token: "made up" }, { list: ["a", "b"] }]);
  expect(await plugin.read(URN, id, { inputs, outputs })).toEqual({ id, inputs, outputs });
  expect(await plugin.read(URN, "gone", { inputs, outputs })).toMatchObject({ id: "" });
});

test("a preview is told as one, and has no id", async () => {
  const plugin = await startSample();
  const { id, outputs } = await plugin.create(URN, { later: UNKNOWN }, true);
  expect(id).toBe("");
  expect(outputs).toMatchObject({ later: UNKNOWN, created: UNKNOWN });
  expect((await plugin.create(URN, {})).outputs).toMatchObject({ created: 1 });
});

test("errors carry their message, and what they mean for the state", async () => {
  const plugin = await startSample();
  await expect(plugin.create(URN, { fail: "quoted" })).rejects.toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: expect.stringContaining("[TNT-101]"),
  });
  await expect(plugin.create(URN, { fail: "plain" })).rejects.toMatchObject({
    code: status.UNKNOWN,
    details: "ñandú: 100% wrong",
  });
  const other = "urn:pulumi:dev::project::sample:index:Other::it";
  await expect(plugin.create(other, {})).rejects.toMatchObject({
    details: expect.stringMatching(/sample:index:Other.*sample:index:Thing.*TNT-450/),
  });
});

test("a partial failure keeps what was made, with its secrets", async () => {
  const plugin = await startSample();
  const client = new PluginClient(plugin.address);
  await client.handshake("127.0.0.1:1", ".");
  const inputs: Properties = { fail: "partly", key: secret("s") };
  const answer = await client.create(URN, inputs, { preview: false });
  client.close();
  expect(answer).toMatchObject({ id: "half", initErrors: ["first", "second"] });
  expect(answer.outputs).toMatchObject({ key: secret("s"), token: secret("made up"), created: 1 });
});

test("messages may be large", async () => {
  const plugin = await startSample();
  const text = "x".repeat(5 << 20);
  expect((await plugin.create(URN, { text })).outputs.text).toBe(text);
});

test("Cancel and SIGINT let an operation finish, and are no error", async () => {
  const plugin = await startSample();
  const slow = plugin.create(URN, { slow: 500 });
  await sleep(100);
  const ended = plugin.stop();
  expect((await slow).outputs).toMatchObject({ cancelled: true });
  expect(await ended).toEqual([0, null]);
  expect(plugin.stderr).toBe("");
});

test("SIGTERM ends it as well", async () => {
  const plugin = await startSample();
  plugin.process.kill("SIGTERM");
  expect(await plugin.exited).toEqual([0, null]);
});

test("it ends when the process that started it dies", async () => {
  const script = `const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ${JSON.stringify([MAIN])}, { stdio: ["ignore", "inherit", "inherit"] });
    console.log("pid " + child.pid); setInterval(() => {}, 1000);`;
  const engine = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  for await (const line of createInterface(engine.stdout)) if (lines.push(line) === 2) break;
  const pid = Number(lines.find((line) => line.startsWith("pid"))?.slice(4));
  expect(isAlive(pid)).toBe(true);
  engine.kill("SIGKILL");
  await vi.waitFor(
    () => {
      expect(isAlive(pid)).toBe(false);
    },
    { timeout: 10_000 },
  );
});

test("it ends when its engine's address no longer answers", async () => {
  const engine = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(engine, "listening");
  const plugin = await startSample(`127.0.0.1:${(engine.address() as AddressInfo).port}`);
  await sleep(1_500);
  expect(plugin.process.exitCode).toBeNull();
  engine.close();
  expect(await plugin.exited).toEqual([0, null]);
});

test("its executable works with an old Node, too", async (ctx) => {
  const old = (process.env.PATH ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "node"))
    .find(
      (file) =>
        existsSync(file) &&
        /^v(18|20)\./.test(execFileSync(file, ["--version"], { encoding: "utf8" })),
    );
  if (old === undefined) return ctx.skip("no Node 18 or 20 on $PATH");
  const executable = new URL(
    "../../src/engine/postgresql/pulumi-resource-postgresql",
    import.meta.url,
  );
  const plugin = await PluginProcess.start(old, [fileURLToPath(executable)]);
  started.push(plugin);
  expect(await plugin.info()).toEqual({ version: "3.18.1" });
  expect(await plugin.stop()).toEqual([0, null]);
});
