import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addTenant } from "../../src/settings/edit-tenants.ts";
import { insertItem } from "../../src/settings/insert-item.ts";
import { parseYaml } from "../../src/settings/read-yaml.ts";
import { checkout, makeProject } from "../support/project.ts";

const devFile = readFileSync(join(checkout, "stacks/Pulumi.dev.yaml"), "utf8");
const stackFile = (list: string): string => `config:\n  tenantry:tenants:${list}`;

/** What `stacks/Pulumi.dev.yaml` becomes. */
function added(text: string, tenant: { id: string; company?: string }): string {
  const root = makeProject({ "stacks/Pulumi.dev.yaml": text });
  const { file } = addTenant({ root, stack: "dev" }, tenant);
  return readFileSync(join(root, file), "utf8");
}

test("a tenant added to the stack dev is one more line, and everything else stays", () => {
  const line = "    - { id: empresa_900, company: Empresa 900 SpA }\n";
  expect(added(devFile, { id: "empresa_900", company: "Empresa 900 SpA" })).toBe(devFile + line);
  expect(added(devFile, { id: "empresa_900" })).toBe(`${devFile}    - empresa_900\n`);
});

test("the settings with the tenant come back", () => {
  const root = makeProject({ "stacks/Pulumi.dev.yaml": devFile });
  const { settings } = addTenant({ root, stack: "dev" }, { id: "x", company: 'X: the "best" #1' });
  expect(settings.tenants.at(-1)).toMatchObject({ id: "x", company: 'X: the "best" #1' });
});

describe("the list's own style is kept:", () => {
  test.each([
    [
      "what follows",
      "\n    - a # first\n    # between\n    - b # last\n\n  # more\n  tenantry:disposable: true\n",
      "    - b # last\n    - new\n\n",
    ],
    ["no indentation", "\n  - a\n  - b\n", "  - b\n  - new\n"],
    ["wide indentation", "\n        - a\n", "        - a\n        - new\n"],
    ["no end of line", "\n    - a", "    - a\n    - new\n"],
    ["CRLF", "\r\n    - a\r\n", "    - a\r\n    - new\r\n"],
    ["a mapping over lines", "\n    - id: a\n      company: A\n", "      company: A\n    - new\n"],
  ])("%s", (_, list, expected) => {
    const text = added(stackFile(list), { id: "new" });
    expect(text).toContain(expected);
    expect(text.replace(/\n? *- new\r?(?=\n)/, "").trimEnd()).toBe(stackFile(list).trimEnd());
  });

  test("mappings over several lines get another one", () => {
    const text = added(stackFile("\n    - id: a\n      company: A\n"), { id: "b", company: "B" });
    expect(text).toBe(
      stackFile("\n    - id: a\n      company: A\n    - id: b\n      company: B\n"),
    );
  });

  test("a list in brackets stays one, with the comments around it", () => {
    expect(added(`# top\n${stackFile(" [a, b] # two")}\n`, { id: "new" })).toBe(
      `# top\n${stackFile(" [ a, b, new ] # two")}\n`,
    );
  });
});

test.each([" []\n", "\n"])("an empty list %j gets its first tenant", (list) => {
  const text = list === "\n" ? "config:\n  tenantry:disposable: true\n" : stackFile(list);
  expect(parseYaml("f", added(text, { id: "new" })).value).toMatchObject({
    config: { "tenantry:tenants": ["new"] },
  });
});

test("a stack whose tenants are in a file of their own gets the tenant there", () => {
  const root = makeProject({
    "stacks/Pulumi.dev.yaml": "config:\n  tenantry:tenantsFile: tenants/dev.yaml\n",
    "stacks/tenants/dev.yaml": "# all\n- a\n",
  });
  const { file, settings } = addTenant({ root, stack: "dev" }, { id: "b" });
  expect(file).toBe("stacks/tenants/dev.yaml");
  expect(readFileSync(join(root, file), "utf8")).toBe("# all\n- a\n- b\n");
  expect(settings.tenants.map(({ id }) => id)).toEqual(["a", "b"]);
});

test.each([
  ["Capital", "TNT-110"],
  ["pg_x", "TNT-110"],
  ["empresa_123", "TNT-116"],
])("a tenant %s is refused with %s, and nothing is written", (id, code) => {
  const root = makeProject({ "stacks/Pulumi.dev.yaml": devFile });
  const path = join(root, "stacks/Pulumi.dev.yaml");
  const { mtimeMs } = statSync(path);
  expect(() => addTenant({ root, stack: "dev" }, { id })).toThrow(
    expect.objectContaining({ code }),
  );
  expect(readFileSync(path, "utf8")).toBe(devFile);
  expect(statSync(path).mtimeMs).toBe(mtimeMs);
});

test("a name that ends in a space which YAML leaves bare stays whole", () => {
  const yaml = parseYaml("f", "list:\n  - a\n");
  const item = { id: "c", company: "Empresa\u00a0" };
  expect(parseYaml("f", insertItem(yaml, ["list"], item)).value).toEqual({ list: ["a", item] });
});

test("whatever the list holds, it holds that and the new item afterwards", () => {
  const company = fc.string({ unit: "grapheme", minLength: 1 });
  const item = fc.oneof(fc.constantFrom("a", "b_1"), fc.record({ id: fc.constant("c"), company }));
  const style = fc.record({ flow: fc.boolean(), indentSeq: fc.boolean(), comment: fc.boolean() });
  fc.assert(
    fc.property(fc.array(item), item, style, (items, extra, { flow, indentSeq, comment }) => {
      const { document } = parseYaml("f", "list: []\nafter: 1\n");
      document.set("list", document.createNode(items, { flow }));
      const text = document.toString({ indentSeq }) + (comment ? "# end\n" : "");
      const yaml = parseYaml("f", text);
      expect(parseYaml("f", insertItem(yaml, ["list"], extra)).value).toEqual({
        list: [...items, extra],
        after: 1,
      });
    }),
  );
});
