import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSettings } from "../../src/settings/load-settings.ts";
import { serverParameters } from "../../src/settings/server-parameters.ts";
import {
  PROJECT,
  listStacks,
  loadStackFile,
  settingsOfStack,
} from "../../src/settings/stack-file.ts";
import { checkout, makeProject } from "../support/project.ts";

const settingsOf = (root: string, stack = "dev") =>
  settingsOfStack({ root, stackFile: loadStackFile({ root, stack }) });

/** What a program gets from Pulumi for this stack file: every value a text, structured ones in JSON. */
function programSettings(root: string, stack = "dev") {
  const { config } = loadStackFile({ root, stack });
  const texts = new Map(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return loadSettings({
    get: (key) => texts.get(`${PROJECT}:${key}`),
    keys: [...texts.keys()],
    project: PROJECT,
    stack,
    root,
  });
}

describe("the stacks staging and prod", () => {
  const [staging, prod] = [settingsOf(checkout, "staging"), settingsOf(checkout, "prod")];

  test("are containers of 4 and 8 GB that can run on one machine, and keep their data", () => {
    expect([staging, prod].map(({ server }) => server.memoryBytes / 1024 ** 3)).toEqual([4, 8]);
    for (const { target, disposable } of [staging, prod])
      expect({ target, disposable }).toEqual({ target: "docker", disposable: false });
    expect(staging.server.port).not.toBe(prod.server.port);
    expect(staging.server.docker?.subnet).not.toBe(prod.server.docker?.subnet);
    expect(prod.tenants.map(({ id }) => id)).toEqual(["empresa_123", "empresa_456"]);
  });

  test("prod has the document's postgresql.conf, but for what docs/corrections.md corrects", () => {
    const parameters = serverParameters(prod);
    expect(parameters).toMatchObject({
      max_connections: "100",
      shared_buffers: "2GB",
      effective_cache_size: "6GB",
      maintenance_work_mem: "512MB",
      wal_level: "replica",
      max_wal_size: "2GB",
      min_wal_size: "1GB",
      checkpoint_completion_target: "0.9",
      random_page_cost: "1.1",
      effective_io_concurrency: "200",
      log_destination: "stderr",
      log_statement: "ddl",
      log_min_duration_statement: "1000",
      autovacuum: "on",
      autovacuum_max_workers: "3",
      autovacuum_naptime: "60",
      // Corrected.
      listen_addresses: "*",
      logging_collector: "off",
      work_mem: "12MB",
    });
    const corrections = readFileSync(join(checkout, "docs", "corrections.md"), "utf8");
    for (const name of ["listen_addresses", "logging_collector", "work_mem"])
      expect(corrections).toContain(`\`${name} = `);
  });
});

describe("the stack dev", () => {
  test("is the one of the README: three tenants on a small server", () => {
    const settings = settingsOf(checkout);
    expect(settings.disposable).toBe(true);
    expect(settings.server).toMatchObject({
      port: 54320,
      memoryBytes: 1024 ** 3,
      capacity: { tenants: 64 },
    });
    expect(settings.tenants.map(({ id, company }) => [id, company])).toEqual([
      ["empresa_123", "Empresa 123 SpA"],
      ["empresa_456", "Comercial 456 Ltda."],
      ["empresa_789", "empresa_789"],
    ]);
  });

  test("leads to the same settings through YAML and through Pulumi", () => {
    expect(programSettings(checkout)).toEqual(settingsOf(checkout));
  });
});

test("settings of every kind are the same through YAML and through Pulumi", () => {
  const root = makeProject({
    "stacks/Pulumi.dev.yaml": `config:
  other:key: 1
  tenantry:database: acme_db
  tenantry:isolation: strict
  tenantry:rowLevelSecurity: true
  tenantry:partitionKey: account_id
  tenantry:tenantsFile: tenants/dev.yaml
  tenantry:roles: { user: acme_user, app: { name: acme_app, generation: 3 } }
  tenantry:server: { memory: 2 GB, connections: 40, restartPolicy: deny, parameters: { jit: true, work_mem: 4MB } }
  tenantry:tenants: [a]
`,
    "stacks/tenants/dev.yaml": "- b\n- { id: c, company: C }\n",
  });
  const settings = settingsOf(root);
  expect(settings.tenants.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(settings.server.parameters).toMatchObject({ jit: "on", work_mem: "4MB" });
  expect(settings.server.hba.map(({ user }) => user)).toContain('+"acme_user"');
  expect(programSettings(root)).toEqual(settings);
});

test("a program hears of unknown keys too", () => {
  const root = makeProject({ "stacks/Pulumi.dev.yaml": "config:\n  tenantry:tennants: []\n" });
  expect(() => programSettings(root)).toThrow(
    /tenantry:tennants: is not a known key: did you mean tenants\?/,
  );
});

test("a mistake is told with file and line", () => {
  const root = makeProject({
    "stacks/Pulumi.dev.yaml": `config:
  tenantry:server:
    port: 80
  tenantry:tenants:
    - a
    - { id: B }
`,
  });
  expect(() => settingsOf(root)).toThrow(
    /stacks\/Pulumi.dev.yaml:3: tenantry:server.port: 80 must[^]*stacks\/Pulumi.dev.yaml:6: tenantry:tenants\[1\].id: "B" must/,
  );
});

test.each([
  ["no YAML", "config:\n  a: [1,\n", "TNT-113", /stacks\/Pulumi.dev.yaml:3:1: /],
  [
    "a key twice",
    "config:\n  tenantry:a: 1\n  tenantry:a: 2\n",
    "TNT-113",
    /dev.yaml:3:3: Map keys must be unique/,
  ],
  ["empty", "", "TNT-110", /has no mapping "config:"/],
  ["only comments", "# nothing\n", "TNT-110", /has no mapping "config:"/],
  ["a list", "- config\n", "TNT-110", /has no mapping "config:"/],
  [
    "a key without namespace",
    "config:\n  tenants: []\n",
    "TNT-110",
    /dev.yaml:2: tenants: has no namespace: write tenantry:tenants/,
  ],
])("a stack file that is %s is refused", (_, text, code, message) => {
  const root = makeProject({ "stacks/Pulumi.dev.yaml": text });
  expect(() => settingsOf(root)).toThrow(message);
  expect(() => settingsOf(root)).toThrow(expect.objectContaining({ code }));
});

test("an unknown stack is told with those that exist", () => {
  const root = makeProject({
    "stacks/Pulumi.prod.yaml": "config: {}",
    "stacks/Pulumi.dev.yaml": "config: {}",
  });
  expect(listStacks(root)).toEqual(["dev", "prod"]);
  expect(() => loadStackFile({ root, stack: "test" })).toThrow(
    /no stack "test": .*The stacks are dev, prod: choose one with --stack.*\[TNT-111\]/,
  );
  expect(() => loadStackFile({ root, stack: "../dev" })).toThrow(
    /"..\/dev" cannot be a stack's name.*\[TNT-112\]/,
  );
});

test.each(["tenants/dev.yaml", "../roles.yaml"])(
  "a tenantsFile that is not there is told: %s",
  (file) => {
    const root = makeProject({
      "stacks/Pulumi.dev.yaml": `config: { "tenantry:tenantsFile": ${file} }`,
    });
    expect(() => settingsOf(root)).toThrow(
      file.startsWith("..") ? /below stacks/ : /stacks\/tenants\/dev.yaml cannot be read/,
    );
  },
);

test("a file of config/ that is missing is told", () => {
  const root = makeProject({});
  mkdirSync(join(root, "elsewhere", "stacks"), { recursive: true });
  cpSync(join(checkout, "stacks/Pulumi.dev.yaml"), join(root, "elsewhere/stacks/Pulumi.dev.yaml"));
  expect(() => settingsOf(join(root, "elsewhere"))).toThrow(
    /config\/roles.yaml cannot be read.*\[TNT-114\]/,
  );
});

test("the passphrase's salt is read, and the engine gets the configuration as written", () => {
  const root = makeProject({
    "stacks/Pulumi.dev.yaml":
      'encryptionsalt: v1:abc\nconfig:\n  tenantry:adminPassword: { secure: "v1:x" }\n',
  });
  const stackFile = loadStackFile({ root, stack: "dev" });
  expect(stackFile.encryptionSalt).toBe("v1:abc");
  expect(stackFile.config).toEqual({ "tenantry:adminPassword": { secure: "v1:x" } });
  expect(settingsOfStack({ root, stackFile }).tenants).toEqual([]);
});

test("a list too long for Pulumi's environment is refused, with the way out", () => {
  const tenants = (count: number) =>
    Array.from({ length: count }, (_, index) => `company_${index}`);
  const config = { "tenantry:tenants": tenants(10_000) };
  const root = makeProject({ "stacks/Pulumi.dev.yaml": JSON.stringify({ config }) });
  expect(() => settingsOf(root)).toThrow(
    /dev.yaml: config: is 1\d\d KiB long, and Pulumi can pass on 124 KiB: move the tenants to a file/,
  );
  const inFile = makeProject({
    "stacks/Pulumi.dev.yaml": 'config: { "tenantry:tenantsFile": many.yaml }',
    "stacks/many.yaml": JSON.stringify(tenants(10_000)),
  });
  expect(settingsOf(inFile).tenants).toHaveLength(10_000);
});
