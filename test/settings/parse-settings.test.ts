import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TenantryError } from "../../src/core/errors.ts";
import { parseSettings } from "../../src/settings/parse-settings.ts";
import { serverParameters } from "../../src/settings/server-parameters.ts";
import type { SettingsSource } from "../../src/settings/settings-source.ts";

const source = { project: "tenantry", stack: "dev" };
const parse = (raw: Record<string, unknown>, more: Partial<SettingsSource> = {}) =>
  parseSettings(raw, { ...source, ...more });

/** The mistakes that are reported, without the file. */
function mistakes(raw: Record<string, unknown>, more: Partial<SettingsSource> = {}): string[] {
  try {
    parse(raw, more);
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    expect(error.code).toBe("TNT-110");
    const lines = error.message.split("\n").filter((line) => line.startsWith("  - "));
    return lines.map((line) => line.replace(/^ {2}- (stacks\/Pulumi.dev.yaml: )?/, ""));
  }
  return [];
}

test("a stack that says nothing gets the defaults", () => {
  expect(parse({})).toEqual({
    project: "tenantry",
    stack: "dev",
    target: "embedded",
    disposable: false,
    database: "nostromo",
    roles: {
      owner: "nostromo_owner",
      user: "nostromo_user",
      app: "nostromo_app",
      readonly: "nostromo_readonly",
      monitor: "nostromo_monitor",
      backup: "nostromo_backup",
    },
    logins: {
      user: { connectionLimit: -1, generation: 1, overlap: false },
      app: { connectionLimit: -1, generation: 1, overlap: false },
      readonly: { connectionLimit: -1, generation: 1, overlap: false },
      monitor: { connectionLimit: -1, generation: 1, overlap: false },
      backup: { connectionLimit: -1, generation: 1, overlap: false },
    },
    server: {
      host: "127.0.0.1",
      port: 5432,
      login: { user: "postgres", database: "postgres", tls: { mode: "disable" } },
      memoryBytes: 1024 ** 3,
      connections: 50,
      capacity: { tenants: 64 },
      restartPolicy: "allow",
      parameters: {},
      hba: [],
    },
    partitionKey: "tenant_id",
    partitions: "tenants",
    retention: 0,
    rowLevelSecurity: false,
    layout: "tenants",
    archives: ".tenantry/dev/archives",
    bucketAccess: {},
    migrations: { canary: [], wave: 100 },
    tenants: [],
  });
});

test("settings cannot be changed afterwards, at any depth", () => {
  const settings = parse({ tenants: ["acme"] });
  expect(() => Object.assign(settings.tenants[0]!, { id: "other" })).toThrow(TypeError);
  expect(() => Object.assign(settings.server.capacity, { tenants: 1 })).toThrow(TypeError);
});

describe("tenants", () => {
  test("are ids or mappings, and take what they lack from the stack", () => {
    const { tenants } = parse({
      isolation: "strict",
      tenants: [
        "acme",
        { id: "b", company: "B Ltda.", state: "retired", isolation: "shared", pin: 3 },
      ],
    });
    expect(tenants).toEqual([
      { id: "acme", company: "acme", state: "active", isolation: "strict" },
      { id: "b", company: "B Ltda.", state: "retired", isolation: "shared", pin: 3 },
    ]);
  });

  test("of the list's own file come after those of the stack", () => {
    const tenants = { file: "stacks/tenants/dev.yaml", value: ["b", { id: "c" }] };
    expect(parse({ tenants: ["a"] }, { tenants }).tenants.map(({ id }) => id)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  test.each([
    [
      "capitals",
      "Acme",
      '"Acme" must begin with a letter a-z and hold only a-z, 0-9 and _: write acme',
    ],
    ["49 characters", "x".repeat(49), /has 49 characters, at most 48 are allowed/],
    ["a quote", 'a"b', /must begin with a letter/],
    ["an injection", "a; drop schema central cascade", /must begin with a letter/],
    ["pg_", "pg_acme", /must not begin with pg_/],
    ["a reserved word", "central", /is a reserved word/],
    ["a number", 123, "123 must be an id or a mapping with an id"],
    ["nothing", null, "null must be an id or a mapping with an id"],
  ])("with %s in the id are refused", (_, id, rule) => {
    const [mistake, ...rest] = mistakes({ tenants: ["fine", id] });
    expect(mistake).toMatch(rule);
    expect(mistake).toMatch(/^tenantry:tenants\[1\]: /);
    expect(rest).toEqual([]);
  });

  test("that are there twice, or differ only by case, are refused", () => {
    expect(mistakes({ tenants: ["a", { id: "a" }, "A"] })).toEqual([
      'tenantry:tenants[2]: "A" must begin with a letter a-z and hold only a-z, 0-9 and _: write a',
      'tenantry:tenants[1]: "a" is there twice: first as tenantry:tenants[0] of stacks/Pulumi.dev.yaml',
      'tenantry:tenants[2]: "A" differs only by case from "a", which is tenantry:tenants[0] of stacks/Pulumi.dev.yaml',
    ]);
  });

  test("that are in both files are refused, naming both places", () => {
    const tenants = { file: "stacks/tenants/dev.yaml", value: ["b", "a"], lineOf: () => 7 };
    expect(mistakes({ tenants: ["a"] }, { tenants })).toEqual([
      'stacks/tenants/dev.yaml:7: [1]: "a" is there twice: first as tenantry:tenants[0] of stacks/Pulumi.dev.yaml',
    ]);
  });

  test.each(["", " ", "two\nlines", "tab\t", "x".repeat(201)])(
    "cannot have the company %j",
    (company) => {
      expect(mistakes({ tenants: [{ id: "a", company }] })).toEqual([
        expect.stringMatching(
          /^tenantry:tenants\[0\].company: ".* must be 1 to 200 characters on one line$/,
        ),
      ]);
    },
  );

  test("without an id are told so", () => {
    expect(mistakes({ tenants: [{ company: "x" }] })).toEqual([
      "tenantry:tenants[0].id: is missing: it must be a text",
    ]);
  });
});

test("every mistake is reported at once, wherever it is", () => {
  expect(
    mistakes(
      {
        target: "swarm",
        disposable: "yes",
        server: { port: 80, capacity: { tenants: 100 }, parameters: { port: 1 } },
        tenants: "acme",
        database: "postgres",
        partitionKey: "id",
        tenantsFile: "../secrets.yaml",
        teants: [],
      },
      {
        roles: { file: "config/roles.yaml", value: { user: { name: "pg_user" } } },
        postgresqlConf: { file: "config/postgresql.conf", text: "work_mem\n" },
        pgHba: { file: "config/pg_hba.conf", text: "host all all all reject" },
      },
    ),
  ).toEqual([
    'tenantry:target: "swarm" must be one of embedded, docker, existing',
    'tenantry:disposable: "yes" must be true or false',
    expect.stringMatching(/^tenantry:database: "postgres" is a reserved word/),
    "tenantry:server.port: 80 must be a whole number from 1024 to 65535",
    expect.stringMatching(/^tenantry:server.capacity.tenants: 100 must be one of 16, 32, 64/),
    expect.stringMatching(/^tenantry:partitionKey: "id" is a column that tables have already/),
    'tenantry:tenants: "acme" must be a list of tenants',
    expect.stringMatching(/^tenantry:tenantsFile: "..\/secrets.yaml" must be the path/),
    "tenantry:teants: is not a known key: did you mean tenants?",
    expect.stringMatching(/^config\/roles.yaml: user.name: "pg_user" must not begin with pg_/),
    "config/postgresql.conf:1: needs a value after work_mem, quoted unless it is one word",
    ...["postgres", "user", "app", "readonly", "monitor", "backup"].map(
      () =>
        expect.stringMatching(
          /^config\/pg_hba.conf: has no record that lets \w+ into nostromo/,
        ) as string,
    ),
  ]);
});

test("an unknown key is told with the known ones, and without its value", () => {
  const [mistake] = mistakes({ server: { passwd: "hunter2" } });
  expect(mistake).toBe(
    "tenantry:server.passwd: is not a known key: known are port, memory, connections, capacity, restartPolicy, parameters, docker, host, administrator, maintenanceDatabase, tls, without",
  );
});

describe("secrets", () => {
  test("are refused inside settings", () => {
    expect(mistakes({ tenants: [{ id: { secure: "v1:abc" } }] })).toEqual([
      expect.stringMatching(
        /^tenantry:tenants\[0\].id: is a secret: only adminPassword, tlsKey, archivePassphrase, formerArchivePassphrases and archiveSecretKey may be one/,
      ),
    ]);
  });

  test("are what the administrator's password must be, which is never shown", () => {
    expect(mistakes({ adminPassword: { secure: "v1:abc" } })).toEqual([]);
    expect(mistakes({ adminPassword: "hunter2" })).toEqual([
      "tenantry:adminPassword: must be a secret: pulumi config set --secret",
    ]);
  });
});

describe("roles", () => {
  test("come from config/roles.yaml, and from the stack before it, key by key", () => {
    const roles = {
      file: "config/roles.yaml",
      value: { user: { name: "u", connectionLimit: 30 }, app: "a", replicator: "rep" },
    };
    const settings = parse({ roles: { user: { generation: 2 }, app: "other_app" } }, { roles });
    expect(settings.roles).toMatchObject({ user: "u", app: "other_app", replicator: "rep" });
    expect(settings.logins.user).toEqual({
      connectionLimit: 30,
      generation: 2,
      overlap: false,
    });
  });

  test.each([
    [{ user: "same", app: "same" }, '"same" is there twice'],
    [{ user: "u", app: "u_tenants" }, '"u_tenants" is there twice'],
  ])("that share a name are refused: %j", (roles, rule) => {
    expect(mistakes({ roles })).toEqual([expect.stringContaining(rule)]);
  });

  test("that have an overlap have two logins, which need names and records of their own", () => {
    const app = { name: "u_b" };
    const user = { name: "u", overlap: true };
    expect(mistakes({ roles: { user: "u", app } })).toEqual([]);
    expect(mistakes({ roles: { user, app } })).toEqual([
      expect.stringContaining('roles: "u_b" is there twice: first as another role'),
    ]);
    const lines = (record: string): string =>
      ["host all postgres,u,nostromo_app,nostromo_readonly all scram-sha-256", record]
        .concat("host all nostromo_monitor,nostromo_backup all scram-sha-256")
        .concat("host all all all reject")
        .join("\n");
    const pgHba = (record: string) => ({
      pgHba: { file: "config/pg_hba.conf", text: lines(record) },
    });
    expect(mistakes({ roles: { user } }, pgHba('host all +:"user" all scram-sha-256'))).toEqual([]);
    expect(mistakes({ roles: { user } }, pgHba("host all x all scram-sha-256"))).toEqual([
      "config/pg_hba.conf: has no record that lets u_a into nostromo: add one for +u, which stands for the members of u",
    ]);
  });

  test("confirm a generation that can be confirmed, said where it is written", () => {
    const rolesFile = (user: object) => ({
      roles: { file: "config/roles.yaml", value: { user: { name: "u", ...user } } },
    });
    expect(mistakes({ roles: { user: { generation: 4, overlap: true, confirmed: 3 } } })).toEqual(
      [],
    );
    expect(
      mistakes({ roles: { user: { generation: 2, confirmed: 3 } } }, rolesFile({ overlap: true })),
    ).toEqual([
      "tenantry:roles.user.confirmed: 3 cannot be above the generation, which is 2: nobody can use a password that was not made",
    ]);
    expect(
      mistakes({ roles: { user: { generation: 4, overlap: true } } }, rolesFile({ confirmed: 2 })),
    ).toEqual([
      expect.stringMatching(/^config\/roles.yaml: user.confirmed: 2 would leave more than/),
    ]);
    expect(mistakes({ roles: { user: { confirmed: 1 } } })).toEqual([
      expect.stringContaining("confirmed: 1 is for a role with overlap: true"),
    ]);
  });

  test.each([0, -2, 1.5, 10_001, "5"])("cannot have the connection limit %j", (connectionLimit) => {
    expect(mistakes({ roles: { app: { connectionLimit } } })).toEqual([
      expect.stringMatching(/connectionLimit: .* must be -1 \(no limit\) or 1 to 10000$/),
    ]);
  });

  test.each(["pg_x", "postgres", "tenant_x", "X"])("may not be called %s", (name) => {
    expect(mistakes({ roles: { owner: name } })).toHaveLength(1);
  });
});

describe("the server", () => {
  test("has 100 connections from 4 GB on", () => {
    expect(parse({ server: { memory: "4 GB" } }).server.connections).toBe(100);
    expect(parse({ server: { memory: "4 GB", connections: 20 } }).server.connections).toBe(20);
  });

  test("must have memory for its connections", () => {
    expect(mistakes({ server: { memory: "1 GB", connections: 500 } })).toEqual([
      'tenantry:server.memory: "1GB" leaves less than 1 MB of work_mem for each of 500 connections with capacity for 64 tenants: raise memory, or lower connections or capacity',
    ]);
  });

  test("takes its parameters from the file, and from the stack before it", () => {
    const postgresqlConf = { file: "config/postgresql.conf", text: "jit = on\nwork_mem = 4MB" };
    const { server } = parse(
      { server: { parameters: { jit: false, geqo_threshold: 9 } } },
      { postgresqlConf },
    );
    expect(server.parameters).toEqual({ jit: "off", work_mem: "4MB", geqo_threshold: "9" });
  });

  test.each([
    ["port", "1", "is set by tenantry, from server.port: leave it out"],
    ["hba_file", "x", "is set by tenantry, from the target: leave it out"],
    ["ssl_cert_file", "x", "is set by tenantry, from the target: leave it out"],
    ["max_connections", "9", "is set by tenantry, from server.connections: leave it out"],
    ["password_encryption", "md5", "must be scram-sha-256"],
    [
      "shared_preload_libraries",
      "auto_explain",
      "must hold pg_stat_statements, which the monitoring queries read",
    ],
  ])("leaves %s = %s to tenantry, in the stack and in the file", (name, value, rule) => {
    expect(mistakes({ server: { parameters: { [name]: value } } })).toEqual([
      `tenantry:server.parameters.${name}: "${value}" ${rule}`,
    ]);
    const postgresqlConf = { file: "config/postgresql.conf", text: `\n${name} = '${value}'` };
    expect(mistakes({}, { postgresqlConf })).toEqual([`config/postgresql.conf:2: ${name} ${rule}`]);
  });
});

test("an unknown placeholder in pg_hba.conf is told with its line", () => {
  const text =
    'host all all 127.0.0.1/32 scram-sha-256\nhost all :"usr" all reject\nhost all all all reject';
  expect(mistakes({}, { pgHba: { file: "config/pg_hba.conf", text } })).toEqual([
    expect.stringMatching(/^config\/pg_hba.conf:2: .*:"usr"/),
  ]);
});

test("whatever is written, the answer is settings or mistakes, never anything else", () => {
  const keys = [
    "target",
    "tenants",
    "server",
    "roles",
    "database",
    "disposable",
    "adminPassword",
    "x",
  ];
  const raw = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
  fc.assert(
    fc.property(raw, (values) => {
      expect(Array.isArray(mistakes(values))).toBe(true);
    }),
  );
});

test("an id that a tenant gave up is not given to another one in the same change", () => {
  const tenants = [{ id: "new_name", renamedFrom: "old_name" }];
  expect(parse({ tenants }).tenants).toMatchObject(tenants);
  expect(mistakes({ tenants: [...tenants, "old_name"] })).toEqual([
    expect.stringMatching(/tenants\[0\].renamedFrom: "old_name" is on the list itself/),
  ]);
  expect(mistakes({ tenants: [{ id: "a", renamedFrom: "Old" }] })).toEqual([
    expect.stringMatching(/renamedFrom: "Old" must begin with a letter a-z/),
  ]);
});

describe("the target docker", () => {
  const image = `postgres:16.14@sha256:${"0".repeat(64)}`;
  const subnet = "172.30.77.0/24";
  const docker = (more: object = {}) => ({
    target: "docker",
    server: { docker: { image, subnet, ...more } },
  });

  test("needs an image and a subnet; the rest follows", () => {
    expect(parse(docker()).server.docker).toEqual({
      image,
      subnet,
      name: "tenantry-dev",
      gateway: "172.30.77.1",
      directory: ".tenantry/dev/server",
      address: "127.0.0.1",
      clients: [],
    });
    const clients = [{ cidr: "10.1.0.0/16", role: "app" }];
    expect(parse(docker({ clients })).server.docker?.clients).toEqual([
      { cidr: "10.1.0.0/16", role: "nostromo_app", database: "nostromo", tls: false },
    ]);
  });

  test("with TLS, the certificate has the names that this machine uses, and clients need it", () => {
    const names = ["db.example.com", "10.0.0.5"];
    const clients = [
      { cidr: "10.1.0.0/16", role: "app" },
      { cidr: "172.30.77.0/25", role: "app", tls: false },
    ];
    const { server } = parse(docker({ tls: { names }, address: "10.0.0.5", clients }));
    expect(server.host).toBe("10.0.0.5");
    expect(parse(docker({ tls: { names }, address: "0.0.0.0" })).server.host).toBe("127.0.0.1");
    expect(server.docker).toMatchObject({
      address: "10.0.0.5",
      tls: {
        names: [...names, "localhost", "127.0.0.1", "postgres", "tenantry-dev"],
        generation: 1,
      },
      clients: [{ tls: true }, { tls: false }],
    });
    const certificate = { file: "stacks/c.pem", text: "a certificate" };
    const given = docker({ tls: { certificate: "c.pem" } });
    const raw = { ...given, tlsKey: { secure: "" } };
    expect(parse(raw, { certificate }).server.docker?.tls).toEqual({
      certificate: "a certificate",
    });
    expect(serverParameters(parse(raw, { certificate }))).toMatchObject({
      ssl: "on",
      ssl_key_file: "/etc/tenantry-tls/server.key",
    });
  });

  test("reports every mistake at once", () => {
    const docker = {
      image: "postgres:16",
      name: "a container",
      subnet: "172.30.77.1/24",
      gateway: "here",
      directory: "relative",
      clients: [{ cidr: "10.0.0.0", role: "postgres", tls: "yes" }],
    };
    expect(mistakes({ target: "docker", server: { docker } })).toEqual([
      expect.stringMatching(/docker.image: "postgres:16" must name its digest/),
      expect.stringMatching(/docker.name: "a container" must be 2 to 63 letters/),
      expect.stringMatching(/docker.subnet: "172.30.77.1\/24" must be a network of at least 8/),
      expect.stringMatching(/docker.gateway: "here" must be an IPv4 address/),
      expect.stringMatching(/docker.directory: "relative" must be an absolute path/),
      expect.stringMatching(/clients\[0\].cidr: "10.0.0.0" must be a network in CIDR notation/),
      expect.stringMatching(/clients\[0\].role: "postgres" must be one of user, app/),
      expect.stringMatching(/clients\[0\].tls: "yes" must be true or false/),
    ]);
  });

  test.each([
    [{ target: "docker" }, /server.docker: is missing: it must be a mapping with image and subnet/],
    [
      { ...docker(), target: "embedded" },
      /server.docker: is for the target docker, and the target/,
    ],
    [
      docker({ gateway: "10.0.0.1" }),
      /gateway: "10.0.0.1" must be an address of a host in the sub/,
    ],
    [docker({ address: "0.0.0.0" }), /address: "0.0.0.0" needs TLS.*: declare server.docker.tls/],
    [docker({ address: "db.example.com" }), /address: .* must be an IPv4 address of this machine/],
    [
      docker({ tls: {} }),
      /docker.tls: must have either certificate, with the secret tlsKey, or na/,
    ],
    [docker({ tls: { names: ["a b"] } }), /names\[0\]: "a b" must be a host name or an address/],
    [docker({ tls: { certificate: "/c.pem" } }), /must be the path of a certificate below stacks/],
    [docker({ tls: { certificate: "c.pem" } }), /tlsKey: must be the private key of .*--secret/],
    [{ ...docker(), tlsKey: { secure: "" } }, /tlsKey: is the key of .* and there is none/],
    [
      docker({ clients: [{ cidr: "10.1.0.0/16", role: "app", tls: true }] }),
      /clients\[0\].tls: true needs a server with TLS/,
    ],
    [
      docker({
        tls: { names: ["db"] },
        clients: [{ cidr: "10.1.0.0/16", role: "app", tls: false }],
      }),
      /clients\[0\].tls: false must be true for a client from elsewhere/,
    ],
  ])("refuses %j", (raw, says) => {
    expect(mistakes(raw)).toEqual([expect.stringMatching(says)]);
  });
});

describe("the target existing", () => {
  const place = { host: "db.example.com", administrator: "tenantry_admin" };
  const existing = (server: object = {}, more: object = {}) => ({
    target: "existing",
    server: { ...place, ...server },
    ...more,
  });

  test("is somewhere, and by default proves which server it is", () => {
    const { host, port, login, existing: settings, hba } = parse(existing()).server;
    expect({ host, port, login, settings, hba }).toEqual({
      host: "db.example.com",
      port: 5432,
      login: { user: "tenantry_admin", database: "postgres", tls: { mode: "verify-full" } },
      settings: { without: [] },
      hba: [],
    });
  });

  test.each([
    [{ host: "localhost" }, { mode: "disable" }],
    [{ host: "127.0.0.1" }, { mode: "disable" }],
    [
      { host: "localhost", tls: { ca: "certificates/a.pem" } },
      { mode: "verify-full", ca: "stacks/certificates/a.pem" },
    ],
    [{ host: "10.0.0.1" }, { mode: "verify-full" }],
    [{ tls: { mode: "require" } }, { mode: "require" }],
  ])("connects for %j with %j", (server, tls) => {
    expect(parse(existing(server)).server.login.tls).toEqual(tls);
  });

  test("asks for nothing that only a server of our making has", () => {
    const ours = { memory: "4 GB", connections: 10, capacity: { tenants: 16 } };
    const rule = "is for a server that tenantry makes, and the target is existing: leave it out";
    expect(mistakes(existing({ ...ours, restartPolicy: "deny" }))).toEqual(
      ["memory", "connections", "capacity", "restartPolicy"].map(
        (key) => `tenantry:server.${key}: ${rule}`,
      ),
    );
    const docker = { image: `sha256:${"0".repeat(64)}`, subnet: "172.30.77.0/24" };
    expect(mistakes(existing({ docker }))).toEqual([
      "tenantry:server.docker: is for the target docker, and the target is existing: leave it out",
    ]);
  });

  test("needs no rules of access: those of the server are its own", () => {
    const pgHba = { file: "config/pg_hba.conf", text: "host all all all reject" };
    expect(mistakes(existing(), { pgHba })).toEqual([]);
    expect(mistakes({}, { pgHba })).not.toEqual([]);
  });

  test.each([
    [{ target: "existing" }, /server.host: is missing: it must be the host/],
    [{ server: { host: "db" } }, /server.host: is for the target existing, and the target is emb/],
    [{ server: { tls: {} } }, /server.tls: is for the target existing/],
    [existing({ host: "db:5432" }), /server.host: "db:5432" must be a host name or an address/],
    [existing({ tls: { mode: "prefer" } }), /tls.mode: "prefer" must be one of disable, require/],
    [existing({ tls: { mode: "verify-ca" } }), /server.tls: has the mode verify-ca and no ca/],
    [existing({ tls: { mode: "require", ca: "a.pem" } }), /has a ca, which the mode require does/],
    [existing({ tls: { ca: "/etc/ca.pem" } }), /tls.ca: .* must be the path of a certificate/],
    [existing({ without: ["createrole"] }), /without\[0\]: "createrole" must be one of pg_monitor/],
    [
      existing({ administrator: "nostromo_owner" }),
      /server.administrator: "nostromo_owner" is also one of the stack's roles/,
    ],
  ])("refuses %j", (raw, says) => {
    expect(mistakes(raw)).toContainEqual(expect.stringMatching(says));
  });
});

describe("migrations", () => {
  const tenants = [
    "empresa_1",
    { id: "held", pin: 2 },
    { id: "gone", state: "retired" },
    { id: "off", state: "suspended" },
  ];
  const wrong = (migrations: unknown) => mistakes({ tenants, migrations });

  test("name canaries or take a share, and say how many may fail", () => {
    const parsed = (migrations: unknown) => parse({ tenants, migrations }).migrations;
    expect(parsed({ canary: ["empresa_1", "off"], maxFailures: 0 })).toEqual({
      canary: ["empresa_1", "off"],
      maxFailures: 0,
      wave: 100,
    });
    expect(parsed({ canary: "5%", maxFailures: "1%", wave: 20 })).toEqual({
      canary: "5%",
      maxFailures: "1%",
      wave: 20,
    });
  });

  test("refuse a canary that no migration reaches", () => {
    expect(wrong({ canary: ["empresa_2", "held", "gone", "off"] })).toEqual([
      'tenantry:migrations.canary[0]: "empresa_2" is no tenant of this stack: did you mean empresa_1?',
      'tenantry:migrations.canary[1]: "held" is pinned to migration 2, so that no later one reaches it',
      'tenantry:migrations.canary[2]: "gone" is retired, so that no migration reaches it',
    ]);
  });

  test.each([
    [{ canary: "5" }, "canary", /a share of the tenants such as "5%"$/],
    [{ canary: "0%" }, "canary", /a share of the tenants such as "5%"$/],
    [{ canary: [7] }, "canary[0]", /must be a tenant's id/],
    [{ maxFailures: -1 }, "maxFailures", /must be a whole number from 0/],
    [{ maxFailures: "101%" }, "maxFailures", /share of the tenants such as "1%"$/],
    [{ wave: 0 }, "wave", /must be a whole number from 1 to 10000$/],
  ])("refuse %j", (migrations, path, rule) => {
    const found = wrong(migrations);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`tenantry:migrations.${path}: `);
    expect(found[0]).toMatch(rule);
  });
});

describe("clones", () => {
  const yaml = (value: unknown) => ({ masking: { file: "config/masking.yaml", value } });
  const clone = { from: "a", data: "masked" };

  test("masked ones carry the rules, others do not", () => {
    const rules = { tenant: { t: { a: "keep", b: null, c: { text: "x" }, d: { sql: "1" } } } };
    const tenants = ["a", { id: "b", clone }, { id: "c", clone: { from: "b", data: "full" } }];
    const masking = {
      tenant: { t: { a: "keep", b: "null", c: { text: "x" }, d: { sql: "1" } } },
      central: {},
    };
    expect(parse({ tenants }, yaml(rules)).tenants).toMatchObject([
      { id: "a" },
      { id: "b", clone: { ...clone, masking } },
      { id: "c", clone: { from: "b", data: "full" } },
    ]);
    expect(parse({ tenants }, yaml(rules)).tenants[2]?.clone).not.toHaveProperty("masking");
  });

  test.each([
    [{ id: "b", clone: { from: "b", data: "none" } }, /clone\.from: "b" is this tenant itself/],
    [{ id: "b", clone, restore: "x.tar.zst" }, /clone: stands beside restore/],
    [{ id: "b", clone: { from: "a" } }, /clone\.data: .*none, masked, full/],
    [
      { id: "b", clone: { from: "a", data: "some" } },
      /clone\.data: "some" must be one of none, masked, full/,
    ],
    [{ id: "b", clone: "a" }, /clone: "a" must be a mapping/],
  ])("%j", (tenant, says) => {
    expect(mistakes({ tenants: ["a", tenant] })).toEqual([expect.stringMatching(says)]);
  });

  test("in a circle, over both files", () => {
    const tenants = {
      file: "stacks/tenants/dev.yaml",
      value: [{ id: "b", clone: { from: "a", data: "full" } }],
    };
    expect(
      mistakes({ tenants: [{ id: "a", clone: { from: "b", data: "full" } }] }, { tenants }),
    ).toHaveLength(2);
  });

  test.each([
    [{ tenant: { t: { c: "keeep" } } }, /tenant\.t\.c: "keeep" must be keep, null, \{ text/],
    [{ tenant: { t: { c: { txt: "x" } } } }, /tenant\.t\.c/],
    [{ tenant: { t: "keep" } }, /tenant\.t: "keep" must be a mapping/],
    [{ tenants: {} }, /tenants: is not a known key: did you mean tenant\?/],
    [{ tenant: { t: { c: { sql: " " } } } }, /sql: " " is empty/],
  ])("rules that are none: %j", (value, says) => {
    const told = mistakes({}, yaml(value));
    expect(told).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
    expect(told[0]).toContain("config/masking.yaml");
  });
});

test("retention is in days, and none in a disposable stack", () => {
  expect(parse({ retention: "30d" }).retention).toBe(30);
  expect(parse({ retention: "30d", disposable: true }).retention).toBe(0);
  expect(parse({ tenants: [{ id: "a", retention: "0d" }] }).tenants).toMatchObject([
    { retention: 0 },
  ]);
  for (const wrong of ["30", 30, "1w", "-1d", "4000d", "0.5d"])
    expect(mistakes({ retention: wrong })).toEqual([
      expect.stringMatching(/retention: .* must be a number of days such as 30d/),
    ]);
});

test("archives go to a folder or a bucket, whose secret key goes with its id", () => {
  const bucket = "s3://backups/prod";
  const access = { endpoint: "https://s3.example.com", region: "eu", accessKeyId: "AK" };
  const secret = { archiveSecretKey: { secure: "v1:x" } };
  expect(parse({ archives: { bucket, ...access }, ...secret })).toMatchObject({
    archives: bucket,
    bucketAccess: access,
  });
  expect(parse({ archives: { bucket } })).toMatchObject({ archives: bucket, bucketAccess: {} });
  const [both] = mistakes({ archives: { bucket, directory: "/srv/archives" } });
  expect(both).toMatch(/archives.bucket: and directory are both set/);
  expect(mistakes({ archives: { bucket, accessKeyId: "AK" } })).toEqual([
    expect.stringMatching(/archives.accessKeyId: needs its secret key: .*--secret/),
  ]);
  expect(mistakes({ archives: { bucket }, ...secret })).toEqual([
    expect.stringMatching(/archiveSecretKey: belongs to archives.accessKeyId/),
  ]);
  for (const wrong of ["https://backups", "s3://B", "s3://backups//x"])
    expect(mistakes({ archives: { bucket: wrong } })).toEqual([
      expect.stringMatching(/must be s3:\/\/<bucket>/),
    ]);
  expect(mistakes({ archives: { bucket, endpoint: "s3.example.com" } })).toHaveLength(1);
});
