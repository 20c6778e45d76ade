import { execFile } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createAdminPassword, readAdminPassword } from "../../src/settings/admin-password.ts";
import { checkout, makeProject } from "../support/project.ts";

test("a password is made once, long and for its owner's eyes only", () => {
  const root = makeProject({});
  const password = createAdminPassword(root, { stack: "dev", target: "embedded" });
  expect(password).toMatch(/^[\w-]{43}$/);
  expect(createAdminPassword(root, { stack: "dev", target: "embedded" })).toBe(password);
  expect(readAdminPassword(root, { stack: "dev", target: "embedded" })).toBe(password);
  const folder = join(root, ".tenantry/dev");
  expect(readdirSync(folder)).toEqual(["admin-password"]);
  expect(statSync(join(folder, "admin-password")).mode & 0o777).toBe(0o600);
});

test("each stack has its own", () => {
  const root = makeProject({});
  expect(createAdminPassword(root, { stack: "dev", target: "embedded" })).not.toBe(
    createAdminPassword(root, { stack: "prod", target: "embedded" }),
  );
});

test("a missing password is told with what to do", () => {
  const root = makeProject({});
  expect(() => readAdminPassword(root, { stack: "dev", target: "embedded" })).toThrow(
    /admin-password, is not there yet. "npx tenantry up" makes it .* pulumi config set --secret adminPassword.*\[TNT-115\]/,
  );
});

test("an empty password is refused, and never replaced: the server may have another", () => {
  const root = makeProject({});
  createAdminPassword(root, { stack: "dev", target: "embedded" });
  writeFileSync(join(root, ".tenantry/dev/admin-password"), "\n");
  expect(() => createAdminPassword(root, { stack: "dev", target: "embedded" })).toThrow(/is empty/);
});

test("processes that make it at once all get the same one", async () => {
  const root = makeProject({});
  const module = join(checkout, "src/settings/admin-password.ts");
  const program = `import { createAdminPassword } from ${JSON.stringify(module)};
    process.stdout.write(createAdminPassword(${JSON.stringify(root)}, { stack: "dev", target: "embedded" }));`;
  const run = promisify(execFile);
  const outputs = await Promise.all(
    [1, 2, 3, 4].map(() => run(process.execPath, ["--input-type=module", "--eval", program])),
  );
  expect(new Set(outputs.map(({ stdout }) => stdout))).toEqual(
    new Set([readAdminPassword(root, { stack: "dev", target: "embedded" })]),
  );
});
