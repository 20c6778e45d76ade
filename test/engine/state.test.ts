import { execFileSync } from "node:child_process";
import { appendFile, chmod, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readStackOutputs } from "../../src/engine/local-engine.ts";
import { secret } from "../../src/protocol/values.ts";
import type { Declare } from "../support/test-program.ts";
import { TestStack } from "../support/test-stack.ts";

const program = async (declare: Declare) => {
  await declare.resource("a", { password: secret("hush") });
  return { open: 1, hidden: secret("out of sight") };
};

test("a run leaves a checkpoint, its predecessor, and neither lock nor journal", async () => {
  const stack = await TestStack.create();
  await stack.up(program);
  await stack.up(async (declare) => {
    await declare.resource("a", { x: 2 });
  });
  expect((await readdir(join(stack.stateFile, ".."))).sort()).toEqual(["dev.json", "dev.json.bak"]);
  expect(await readdir(stack.lockDirectory)).toEqual([]);
  const meta = join(stack.backend, ".pulumi", "meta.yaml");
  expect(await readFile(meta, "utf8")).toBe("version: 1\n");
});

test("a run that changes nothing writes nothing", async () => {
  const stack = await TestStack.create();
  await stack.up(program);
  const before = await readFile(stack.stateFile, "utf8");
  await stack.up(program);
  expect(await readFile(stack.stateFile, "utf8")).toBe(before);
});

test("the outputs can be read without a run, secrets only when asked for", async () => {
  const stack = await TestStack.create();
  const options = {
    root: stack.root,
    stack: "dev",
    backend: stack.backend,
    passphrase: "correct horse",
  };
  expect(await readStackOutputs(options)).toBeUndefined();
  await stack.up(program);
  expect(await readStackOutputs(options)).toEqual({ open: 1, hidden: "[secret]" });
  const shown = await readStackOutputs({ ...options, showSecrets: true });
  expect(shown).toEqual({ open: 1, hidden: "out of sight" });
});

test("a wrong passphrase is one clear error and changes nothing", async () => {
  const stack = await TestStack.create();
  await stack.up(program);
  const before = await readFile(stack.stateFile, "utf8");
  stack.world.takeCalls();
  for (const run of [
    () => stack.preview(program, { passphrase: "wrong" }),
    () => stack.up(program, { passphrase: "wrong" }),
    () => stack.destroy({ passphrase: "wrong" }),
  ])
    await expect(run()).rejects.toMatchObject({ code: "TNT-301" });
  expect(stack.changes()).toEqual([]);
  expect(await readFile(stack.stateFile, "utf8")).toBe(before);
  expect(await readdir(stack.lockDirectory)).toEqual([]);
});

test.each([
  ["cut short", (text: string) => text.slice(0, -20), "TNT-302"],
  ["not JSON", () => "\0\0\0", "TNT-302"],
  ["empty", () => "", "TNT-302"],
  [
    "without its first resource",
    (text: string) => text.replace(/"resources":\[\{.*?"\},/, '"resources":['),
    "TNT-302",
  ],
  ["with another magic", (text: string) => text.replace(/"magic":"../, '"magic":"xx'), "TNT-302"],
  [
    "with a damaged secret",
    (text: string) => text.replace(/"ciphertext":"v1:..../g, '"ciphertext":"v1:AAAA'),
    "TNT-302",
  ],
  ["of version 4", (text: string) => text.replace('"version":3', '"version":4'), "TNT-303"],
  [
    "with a view",
    (text: string) => text.replace('"custom":false', '"custom":false,"viewOf":"x"'),
    "TNT-303",
  ],
  [
    "of a key service",
    (text: string) => text.replace('"type":"passphrase"', '"type":"cloud"'),
    "TNT-304",
  ],
])("a state %s is refused and left alone", async (_what, damage, code) => {
  const stack = await TestStack.create();
  await stack.up(program);
  const damaged = damage(await readFile(stack.stateFile, "utf8"));
  await writeFile(stack.stateFile, damaged);
  stack.changes();
  await expect(stack.up(program)).rejects.toMatchObject({ code });
  await expect(stack.preview(program)).rejects.toMatchObject({ code });
  expect(stack.changes()).toEqual([]);
  expect(await readFile(stack.stateFile, "utf8")).toBe(damaged);
  expect(await readdir(stack.lockDirectory)).toEqual([]);
});

test("a lock names its owner; one of this host says whether its process still runs", async () => {
  const stack = await TestStack.create();
  const lock = async (content: object): Promise<void> => {
    await mkdir(stack.lockDirectory, { recursive: true });
    await writeFile(join(stack.lockDirectory, "other.json"), JSON.stringify(content));
  };
  const timestamp = "2026-01-01T00:00:00Z";
  await lock({ pid: 1, username: "eva", hostname: "elsewhere", timestamp });
  await expect(stack.up(program)).rejects.toMatchObject({
    code: "TNT-305",
    message: expect.stringMatching(/eva@elsewhere \(pid 1\) since 2026.*npx tenantry cancel/s),
  });
  await lock({ pid: process.pid, username: "eva", hostname: hostname(), timestamp });
  await expect(stack.up(program)).rejects.toThrow("still runs");
  await lock({ pid: 2 ** 22 - 1, username: "eva", hostname: hostname(), timestamp });
  await expect(stack.up(program)).rejects.toThrow("no longer runs");
  await stack.preview(program);
  expect(stack.changes()).toEqual([]);
});

test("two runs at once: one works, the other is refused", async () => {
  const stack = await TestStack.create();
  const first = stack.up(async (declare) => {
    await declare.resource("a", { slow: 500 });
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(stack.up(program)).rejects.toMatchObject({ code: "TNT-305" });
  await first;
  expect(stack.changes()).toEqual(["create a"]);
});

test("a folder that cannot be written is one clear error", async (context) => {
  if (process.getuid?.() === 0) context.skip("root may write into every folder");
  const stack = await TestStack.create();
  await stack.up(program);
  const before = await readFile(stack.stateFile, "utf8");
  await chmod(stack.lockDirectory, 0o500);
  onTestFinished(() => chmod(stack.lockDirectory, 0o700));
  await expect(stack.up(program)).rejects.toMatchObject({ code: "TNT-306" });
  expect(await readFile(stack.stateFile, "utf8")).toBe(before);
});

test("a backend that is not a directory is one clear error", async () => {
  const stack = await TestStack.create();
  await writeFile(stack.backend, "in the way");
  await expect(stack.up(program)).rejects.toMatchObject({ code: "TNT-306" });
  expect(stack.changes()).toEqual([]);
});

test("on a full disk the run stops with what was done recorded; with room again the next one goes on", async (context) => {
  const stack = await TestStack.create();
  await mkdir(stack.backend);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", stack.backend], {
      stdio: "ignore",
    });
  } catch {
    context.skip("mounting a small file system needs to be root with the right to mount");
  }
  let isMounted = true;
  const unmount = (): void => {
    if (isMounted) execFileSync("umount", ["-l", stack.backend]);
    isMounted = false;
  };
  onTestFinished(unmount);
  const many = async (declare: Declare): Promise<void> => {
    for (let index = 0; index < 40; index += 1)
      await declare.resource(`r${index}`, { text: "x".repeat(500) });
  };
  await expect(stack.up(many)).rejects.toMatchObject({
    code: "TNT-306",
    message: expect.stringContaining("ENOSPC"),
  });
  const made = stack.world.objects.length;
  expect(made).toBeGreaterThan(3);
  expect(made).toBeLessThan(40);
  stack.changes();
  execFileSync("mount", ["-o", "remount,size=10m", stack.backend]);
  await stack.up(many);
  // The one whose end could not be recorded is adopted; nothing is made twice.
  expect(stack.changes().length).toBeLessThanOrEqual(40 - made + 1);
  expect(stack.world.objects).toHaveLength(40);
  expect((await stack.resources()).filter(({ type }) => type === "fake:index:Thing")).toHaveLength(
    40,
  );
});

test("a journal of a state that was changed by others is not guessed about", async () => {
  const stack = await TestStack.create();
  await stack.up(program);
  const journal = `${stack.stateFile}.journal`;
  const header = '[{"journal":1,"base":"another","salt":"v1:x"}]';
  const { crc32 } = await import("node:zlib");
  const line = `${header.length} ${crc32(header).toString(16).padStart(8, "0")} ${header}\n`;
  await writeFile(journal, line);
  await expect(stack.up(program)).rejects.toMatchObject({ code: "TNT-307" });
  await expect(stack.preview(program)).rejects.toMatchObject({ code: "TNT-307" });
  await rm(journal);
  await rm(stack.lockDirectory, { recursive: true });
  await appendFile(journal, "17 0000");
  await stack.up(program);
});

test("secret settings reach the program, and one of another passphrase is named", async () => {
  const stack = await TestStack.create();
  const { Passphrase } = await import("../../src/engine/passphrase.ts");
  const { encryptionSalt = "" } = stack.options();
  const passphrase = await Passphrase.open("correct horse", encryptionSalt);
  await stack.up(
    async (declare) => {
      await declare.resource("a");
    },
    { config: { "fake:token": { secure: passphrase.encrypt("hush") } } },
  );
  expect(stack.world.takeCalls().find(([call]) => call === "configure")?.[2]).toMatchObject({
    token: { value: "hush" },
  });
  expect(JSON.stringify(await stack.state())).not.toContain("hush");
  expect(stack.events[0]?.preludeEvent?.config).toEqual({ "fake:token": "[secret]" });
  const other = await Passphrase.create("another");
  await expect(
    stack.preview(program, { config: { "fake:token": { secure: other.encrypt("x") } } }),
  ).rejects.toMatchObject({ code: "TNT-317" });
});

test("a configuration that no environment can hold is refused before anything starts", async () => {
  const stack = await TestStack.create();
  await expect(
    stack.up(program, { config: { "proj:tenants": "x".repeat(140_000) } }),
  ).rejects.toMatchObject({ code: "TNT-311", message: expect.stringContaining("tenantsFile") });
  expect(stack.world.takeCalls()).toEqual([]);
});

test("a project file without a name is refused", async () => {
  const stack = await TestStack.create();
  await writeFile(join(stack.root, "Pulumi.yaml"), "runtime: nodejs\n");
  await expect(stack.preview(program)).rejects.toMatchObject({ code: "TNT-312" });
});
