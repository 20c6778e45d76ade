import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { stackPassphrase } from "../../src/cli/passphrase.ts";

function project() {
  const root = mkdtempSync(join(tmpdir(), "tenantry-passphrase-"));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  return { root, stack: "dev", env: {}, stackExists: false, keep: true };
}

test("a new stack gets a passphrase of its own, for its owner's eyes", () => {
  const needs = project();
  const passphrase = stackPassphrase(needs);
  const file = join(needs.root, ".tenantry", "dev", "passphrase");
  expect(readFileSync(file, "utf8")).toBe(`${passphrase}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(stackPassphrase({ ...needs, stackExists: true })).toBe(passphrase);
  expect(stackPassphrase({ ...needs, stack: "other" })).not.toBe(passphrase);
});

test("a preview leaves nothing behind", () => {
  const needs = { ...project(), keep: false };
  expect(stackPassphrase(needs)).not.toBe(stackPassphrase(needs));
});

test("the environment goes first, an empty passphrase included", () => {
  const needs = project();
  const file = join(needs.root, "given");
  writeFileSync(file, "from a file\n");
  const given = (env: NodeJS.ProcessEnv) => stackPassphrase({ ...needs, env });
  expect(given({ PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("");
  expect(given({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).toBe("from a file");
  expect(() => given({ PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/x" })).toThrow("TNT-612");
});

test("a state whose passphrase is lost is an error, not a new passphrase", () => {
  const needs = project();
  expect(() => stackPassphrase({ ...needs, stackExists: true })).toThrow("TNT-614");
});
