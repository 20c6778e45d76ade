import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { editLayout } from "../../src/settings/edit-layout.ts";
import { makeProject } from "../support/project.ts";

const FILE = "stacks/Pulumi.dev.yaml";

/** What the stack file becomes. */
function edited(text: string, layout: "tenants" | "shards" = "shards"): string {
  const root = makeProject({ [FILE]: text });
  expect(editLayout({ root, stack: "dev" }, layout).layout).toBe(layout);
  return readFileSync(join(root, FILE), "utf8");
}

test("a layout that is written is exchanged, and everything else stays", () => {
  const text = (layout: string): string =>
    `# ours\nconfig:\n  tenantry:layout: ${layout} # since May\n  tenantry:tenants: [ a,  b ]\n`;
  expect(edited(text("tenants"))).toBe(text("shards"));
  expect(edited(text('"tenants"'))).toBe(text("shards"));
  expect(edited(text("shards"))).toBe(text("shards"));
});

test("a layout that is not written gets a line of its own", () => {
  const before = "config:\n  # where\n  tenantry:target: embedded # here\n";
  const after = "\n  tenantry:tenants:\n    - a # first\n";
  expect(edited(before + after)).toBe(`${before}  tenantry:layout: shards\n${after}`);
  expect(edited((before + after).replaceAll("\n", "\r\n"))).toContain(
    "# here\r\n  tenantry:layout: shards\r\n\r\n",
  );
  expect(edited("config:\n  tenantry:tenants:\n    - a # first\n")).toBe(
    "config:\n  tenantry:tenants:\n    - a # first\n  tenantry:layout: shards\n",
  );
  expect(edited("config: { tenantry:tenants: [a] }\n")).toContain("tenantry:layout: shards");
});

test("the default is not written", () => {
  const text = "config:\n  tenantry:tenants: [a]\n";
  expect(edited(text, "tenants")).toBe(text);
});

test("settings that are wrong are told, and the file stays", () => {
  const text = "config:\n  tenantry:tenants: [A]\n";
  const root = makeProject({ [FILE]: text });
  expect(() => editLayout({ root, stack: "dev" }, "shards")).toThrow(/TNT-110/);
  expect(readFileSync(join(root, FILE), "utf8")).toBe(text);
});
