import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";

const start = async (more = {}): Promise<TenantryPlugin> =>
  TenantryPlugin.start(projectDirectory(), { port: 1, ...more });

test("it ends by itself, without an error, after Cancel and SIGINT", async () => {
  const plugin = await start();
  const started = performance.now();
  expect(await plugin.process.stop()).toEqual([0, null]);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(plugin.process.stderr).toBe("");
  plugin.engine.close();
});

test("Cancel alone is no end", async () => {
  const plugin = await start();
  await plugin.process.cancel();
  await sleep(300);
  expect(plugin.process.process.exitCode).toBeNull();
  expect(await plugin.resource("Credential").check({ role: "r", generation: 1 })).toEqual([]);
  await plugin.stop();
});

test("SIGINT lets what is under way finish, and its answer arrive", async () => {
  const plugin = await start({ port: 1 });
  const inputs = { configuration: "x", deadlineSeconds: 600 };
  const waiting = plugin.resource("ServerReady").apply(inputs);
  await Promise.all([
    // The signal ends the waiting, not the process: the engine is told.
    expect(waiting).rejects.toThrow(/abort/),
    sleep(300).then(() => plugin.process.process.kill("SIGINT")),
  ]);
  plugin.process.client.close();
  expect(await plugin.process.exited).toEqual([0, null]);
  plugin.engine.close();
});

test("it ends when its engine is gone", async () => {
  const plugin = await start();
  plugin.engine.close();
  expect(await Promise.race([plugin.process.exited, sleep(20_000, "still there")])).toEqual([
    0,
    null,
  ]);
});

test("an unknown type is refused by name", async () => {
  const plugin = await start();
  await expect(plugin.resource("Nonsense").check({})).rejects.toThrow(
    /has no resource type "tenantry:index:Nonsense"/,
  );
  await plugin.stop();
});
