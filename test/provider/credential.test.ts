import { afterAll, beforeAll, expect, test } from "vitest";
import { isSecret, unwrapSecrets } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { sharedCluster } from "../support/cluster.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";

let plugin: TenantryPlugin;

beforeAll(async () => {
  plugin = await TenantryPlugin.start(projectDirectory(), { port: 1 });
});
afterAll(async () => {
  await plugin.stop();
});

const inputs = (generation: number): Properties => ({ role: "nostromo_user", generation });
const passwordOf = ({ password = null }: Properties): string => unwrapSecrets(password) as string;

test("the verifier lets exactly the password in", async () => {
  const outputs = await plugin.resource("Credential").apply(inputs(1));
  expect(isSecret(outputs.password) && isSecret(outputs.verifier)).toBe(true);
  expect(passwordOf(outputs)).toMatch(/^[A-Za-z0-9]{32}$/);

  const cluster = await sharedCluster();
  const admin = await cluster.connect();
  const user = `credential_${process.pid}`;
  const verifier = unwrapSecrets(outputs.verifier ?? null) as string;
  await admin.query(`create role ${user} login password '${verifier}'`);
  await (await cluster.connect({ user, password: passwordOf(outputs) })).end();
  await expect(cluster.connect({ user, password: verifier })).rejects.toThrow(/authentication/);
  await admin.query(`drop role ${user}`);
  await admin.end();
});

test("a password changes with its generation, and only then", async () => {
  const credential = plugin.resource("Credential");
  const first = await credential.apply(inputs(1));
  const renamed = await credential.apply({ ...inputs(1), role: "other_user" });
  expect(passwordOf(renamed)).toBe(passwordOf(first));
  expect(isSecret(renamed.password)).toBe(true);
  expect((await credential.diff({ ...inputs(2), role: "other_user" })).detailed).toEqual({
    generation: "UPDATE",
  });
  const second = await credential.apply(inputs(2));
  expect(passwordOf(second)).not.toBe(passwordOf(first));
  expect(await credential.refresh()).toMatchObject({ outputs: second });
});

test("old passwords do not come back", async () => {
  const credential = plugin.resource("Credential");
  await credential.apply(inputs(2));
  expect(await credential.check(inputs(1))).toEqual([
    expect.stringContaining("generation of nostromo_user cannot go back from 2 to 1"),
  ]);
  expect(await credential.check(inputs(2))).toEqual([]);
  expect(await credential.check({ role: "", generation: 1.5 })).toHaveLength(2);
});

test("a role with overlap keeps the password it has, and gets a new one when overlap ends", async () => {
  const credential = plugin.resource("Credential");
  const role = "nostromo_user";
  const overlapping = (generation: number, confirmed?: number): Properties => ({
    role,
    overlap: confirmed === undefined ? { generation } : { generation, confirmed },
  });
  const first = passwordOf(await credential.apply(inputs(1)));
  const preview = await credential.preview(overlapping(2));
  expect(passwordOf(preview)).toBe(first);
  expect(passwordOf(await credential.apply(overlapping(2)))).toBe(first);
  expect(await credential.check(overlapping(3))).toEqual([
    expect.stringContaining("while 2 is not confirmed"),
  ]);
  expect(passwordOf(await credential.apply(overlapping(2, 2)))).toBe(first);
  expect(await credential.check(inputs(2))).toEqual([
    expect.stringContaining("raise generation to 3"),
  ]);
  expect(await credential.check({ role, overlap: { generation: "x", confirmed: 0 } })).toHaveLength(
    2,
  );
  expect(passwordOf(await credential.apply(inputs(3)))).not.toBe(first);
});

test("a preview makes no password", async () => {
  const { password } = await plugin.resource("Credential").preview(inputs(1));
  expect(isSecret(password) && passwordOf({ password })).toMatch(/^[0-9a-f-]{36}$/);
});
