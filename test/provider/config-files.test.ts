import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UNKNOWN } from "../../src/protocol/values.ts";
import { projectDirectory, TenantryPlugin } from "../support/tenantry-plugin.ts";
import type { TestResource } from "../support/tenantry-plugin.ts";

const DIRECTORY = ".tenantry/dev/server";
const inputs = {
  directory: DIRECTORY,
  parameters: {
    work_mem: "8MB",
    max_connections: "50",
    log_line_prefix: "it's %m ",
    shared_preload_libraries: "pg_stat_statements",
  },
  hba: ["host all postgres 127.0.0.1/32 scram-sha-256", "host all all all reject"],
};
const withSetting = (name: string, value: string) => ({
  ...inputs,
  parameters: { ...inputs.parameters, [name]: value },
});

let root: string;
let plugin: TenantryPlugin;
let files: TestResource;

beforeAll(async () => {
  root = projectDirectory();
  plugin = await TenantryPlugin.start(root, { port: 1, disposable: true });
  files = plugin.resource("ConfigFiles");
});
afterAll(async () => {
  await plugin.stop();
});

test("check tells every problem at once, each complete in itself", async () => {
  expect(await files.check({ directory: "", parameters: { work_mem: 8 }, hba: "all" })).toEqual([
    'directory: directory has to be a text; it is "".',
    "parameters.work_mem: parameters.work_mem has to be a text without NUL characters; it is 8.",
    'hba: hba has to be a list; it is "all".',
  ]);
  expect(
    await files.check({
      ...withSetting("port", "5432"),
      hba: ["host all all all trust", "nonsense"],
    }),
  ).toEqual([
    expect.stringContaining("parameters.port may not be set"),
    expect.stringContaining("uses the method trust, which is not safe"),
    expect.stringContaining('begins with "nonsense"'),
  ]);
  expect(await files.check(inputs)).toEqual([]);
});

test("a preview writes nothing and knows every output", async () => {
  const preview = await files.preview(inputs);
  expect(existsSync(`${root}/.tenantry`)).toBe(false);
  expect(await files.apply(inputs)).toEqual(preview);
});

test("both files are there, and PostgreSQL's account can read them", () => {
  const { configFile, hbaFile } = files.outputs as { configFile: string; hbaFile: string };
  expect(readFileSync(configFile, "utf8")).toContain("log_line_prefix = 'it''s %m '\n");
  expect(readFileSync(hbaFile, "utf8")).toContain("\nhost all all all reject\n");
  expect(readdirSync(dirname(configFile)).sort()).toEqual(["pg_hba.conf", "postgresql.conf"]);
});

test("the same again is no difference; a changed setting is one, to the field", async () => {
  expect(await files.diff(inputs)).toMatchObject({ changes: "none", detailed: {} });
  expect((await files.diff(withSetting("work_mem", "9MB"))).detailed).toEqual({
    "parameters.work_mem": "UPDATE",
  });
});

test("only start-only settings change the digest that asks for a restart", async () => {
  const { startDigest, digest } = files.outputs;
  const reloadable = await files.preview(withSetting("work_mem", "9MB"));
  expect(reloadable.startDigest).toBe(startDigest);
  expect(reloadable.digest).not.toBe(digest);
  expect((await files.preview(withSetting("max_connections", "60"))).startDigest).not.toBe(
    startDigest,
  );
});

test.each([
  ["work_mem", "a lot", /invalid value for parameter "work_mem": "a lot"/],
  ["no_such_setting", "1", /unrecognized configuration parameter "no_such_setting"/],
  ["wal_compression", "lz4", /Available values: pglz, on, off/],
  ["shared_preload_libraries", "pg_stat_statements, pgaudit", /there is no library "pgaudit"/],
])(
  "a bad %s is refused in the preview, and never replaces a good file",
  async (name, value, says) => {
    const { configFile } = files.outputs as { configFile: string };
    const before = readFileSync(configFile, "utf8");
    await expect(files.preview(withSetting(name, value))).rejects.toThrow(says);
    await expect(files.apply(withSetting(name, value))).rejects.toThrow(/TNT-230/);
    expect(readFileSync(configFile, "utf8")).toBe(before);
  },
);

test("a preview that does not know a setting yet makes no guess", async () => {
  const unknown = withSetting("work_mem", UNKNOWN);
  expect(await files.check(unknown)).toEqual([]);
  expect(await files.preview(unknown)).toMatchObject({ digest: UNKNOWN, startDigest: UNKNOWN });
  expect((await files.diff(unknown)).detailed).toEqual({ "parameters.work_mem": "UPDATE" });
});

test("an edit by hand is drift, to the field, and is put right", async () => {
  const { configFile, hbaFile } = files.outputs as { configFile: string; hbaFile: string };
  const before = readFileSync(configFile, "utf8");
  writeFileSync(configFile, before.replace("'8MB'", "'64MB'"));
  rmSync(hbaFile);
  await files.refresh();
  expect((await files.diff(inputs)).detailed).toEqual({
    "parameters.work_mem": "UPDATE",
    "hba[0]": "ADD",
    "hba[1]": "ADD",
  });
  await files.apply(inputs);
  expect(readFileSync(configFile, "utf8")).toBe(before);
});

test("an edit that says the same is noticed, too", async () => {
  const { configFile } = files.outputs as { configFile: string };
  writeFileSync(configFile, `# changed\n${readFileSync(configFile, "utf8")}`);
  await files.refresh();
  expect((await files.diff(inputs)).detailed).toEqual({ digest: "UPDATE of outputs" });
  await files.apply(inputs);
});

test("files that are gone are made again", async () => {
  const { configFile } = files.outputs as { configFile: string };
  rmSync(dirname(configFile), { recursive: true });
  expect(await files.refresh()).toBeUndefined();
  await files.apply(inputs);
  expect(existsSync(configFile)).toBe(true);
});

test("a disposable stack's files go with it", async () => {
  const { configFile } = files.outputs as { configFile: string };
  await files.remove();
  expect(existsSync(dirname(dirname(configFile)))).toBe(false);
});
