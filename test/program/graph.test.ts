import { describe, expect, test } from "vitest";
import { runProgram } from "./graph.ts";
import type { Registration } from "./graph.ts";

const config = {
  "tenantry:target": "embedded",
  "tenantry:disposable": "false",
  "tenantry:server": '{"port": 54399, "memory": "1 GB", "capacity": {"tenants": 64}}',
  "tenantry:tenants":
    '["empresa_1", {"id": "empresa_2", "company": "Dos SpA", "state": "retired"}]',
};

const show = ({ type, name, parent, protect, deletedWith, dependencies }: Registration): string =>
  [
    `${type.replace("tenantry:index:", "")} ${name} in ${parent}`,
    protect ? " protected" : "",
    deletedWith ? ` deleted with ${deletedWith}` : "",
    dependencies.length > 0 ? ` after ${dependencies.join(", ")}` : "",
  ].join("");

test("the graph of a stack that keeps data", async () => {
  const { registrations } = await runProgram(config);
  await expect(registrations.map(show).sort().join("\n")).toMatchFileSnapshot(
    "graph.protected.txt",
  );
});

test("the graph of a disposable stack", async () => {
  const { registrations } = await runProgram({ ...config, "tenantry:disposable": "true" });
  await expect(registrations.map(show).sort().join("\n")).toMatchFileSnapshot(
    "graph.disposable.txt",
  );
});

test("a clone comes after its source, whatever the order of the list", async () => {
  const { registrations } = await runProgram({
    ...config,
    "tenantry:retention": "30d",
    "tenantry:tenants":
      '[{"id": "third", "clone": {"from": "second", "data": "full"}}, {"id": "second", "clone": {"from": "first", "data": "masked"}}, "first", {"id": "of_gone", "clone": {"from": "gone", "data": "none"}}]',
  });
  const tenants = registrations.filter(({ type }) => type === "tenantry:index:Tenant");
  expect(tenants.map(({ name, dependencies }) => [name, dependencies])).toEqual([
    ["first", ["migrations-shared"]],
    ["of_gone", ["migrations-shared"]],
    ["second", ["first", "migrations-shared"]],
    ["third", ["migrations-shared", "second"]],
  ]);
  expect(tenants[2]?.inputs.spec).toMatchObject({
    clone: { masking: { tenant: { employees: { id: "keep", comuna_code: "null" } } } },
  });
  const provider = registrations.find(({ type }) => type === "pulumi:providers:tenantry");
  expect(provider?.inputs.retention).toBe(30);
});

describe("on Docker", () => {
  const server = {
    port: 54399,
    memory: "8 GB",
    docker: { image: `postgres@sha256:${"0".repeat(64)}`, subnet: "172.30.77.0/24" },
  };
  const onDocker = (more: object = {}) => ({
    ...config,
    "tenantry:target": "docker",
    "tenantry:server": JSON.stringify({ ...server, ...more }),
  });
  const ofServer = (registrations: readonly Registration[]): string[] =>
    registrations.filter(({ parent }) => parent === "server").map(show);

  test("the server of a stack that keeps data", async () => {
    const { registrations } = await runProgram(onDocker());
    expect(ofServer(registrations).sort()).toEqual([
      "ConfigFiles configuration in server after image",
      "ServerReady ready in server after postgresql",
      "docker:index/container:Container postgresql in server after configuration, data, network",
      "docker:index/network:Network network in server",
      "docker:index/remoteImage:RemoteImage image in server",
      "docker:index/volume:Volume data in server protected",
      "pulumi:providers:docker docker in server",
      "pulumi:providers:tenantry tenantry in server",
    ]);
    expect(registrations.map(({ deletedWith }) => deletedWith)).not.toContain("postgresql");
  });

  test("with TLS it has a certificate, and the output by which clients check it", async () => {
    const tls = { tls: { names: ["db.example.com"] }, address: "10.0.0.5" };
    const { registrations, outputs } = await runProgram(
      onDocker({ docker: { ...server.docker, ...tls } }),
    );
    expect(ofServer(registrations)).toEqual(
      expect.arrayContaining([
        "TlsFiles tls in server after image",
        "docker:index/container:Container postgresql in server after configuration, data, network, tls",
      ]),
    );
    const container = registrations.find(({ type }) => type.endsWith(":Container"))?.inputs;
    expect(container?.ports).toMatchObject([{ ip: "10.0.0.5" }]);
    expect(outputs.connection).toMatchObject({
      authorityCertificate: expect.anything() as unknown,
    });
  });

  test("a disposable one goes with its volume, never with its container", async () => {
    const { registrations } = await runProgram({ ...onDocker(), "tenantry:disposable": "true" });
    const ends = new Set(registrations.map(({ deletedWith }) => deletedWith));
    expect([...ends].sort()).toEqual(["", "data"]);
    expect(registrations.filter(({ protect }) => protect)).toEqual([]);
  });

  test("the container, with what lets its second preview be empty", async () => {
    const { registrations } = await runProgram(onDocker());
    const container = registrations.find(({ type }) => type.endsWith(":Container"));
    expect(container?.inputs).toMatchObject({
      name: "tenantry-dev",
      ports: [{ internal: 5432, external: 54399, ip: "127.0.0.1", protocol: "tcp" }],
      memory: 8192,
      memorySwap: 8192,
      shmSize: 576,
      restart: "always",
      stopTimeout: 120,
      destroyGraceSeconds: 120,
    });
    expect(JSON.stringify(container?.inputs)).not.toContain("graph-test-only");
  });
});

describe("on an existing server", () => {
  const server = {
    host: "db.example.com",
    administrator: "dba",
    tls: { ca: "certificates/authority.pem" },
    without: ["pg_monitor", "pg_stat_statements"],
  };
  const existing = (more: object = {}) => ({
    ...config,
    "tenantry:target": "existing",
    "tenantry:server": JSON.stringify(server),
    ...more,
  });

  test("nothing is made before the server is known, and nothing goes with it", async () => {
    const { registrations } = await runProgram(existing());
    const ofServer = registrations.filter(({ parent }) => parent === "server");
    expect(ofServer.map(show).sort()).toEqual([
      "ExistingServer ready in server",
      "pulumi:providers:tenantry tenantry in server",
    ]);
    expect(registrations.find(({ name }) => name === "role-nostromo_owner")?.dependencies).toEqual([
      "ready",
    ]);
    expect(registrations.map(show)).toContain(
      "OwnerMembership owner-membership in platform after role-nostromo_backup",
    );
    expect(registrations.filter(({ deletedWith }) => deletedWith !== "")).toEqual([]);
  });

  test("every provider proves the server's certificate", async () => {
    const { registrations, outputs } = await runProgram(existing());
    const [ours, theirs] = ["tenantry", "postgresql"].map(
      (name) => registrations.find(({ type }) => type === `pulumi:providers:${name}`)?.inputs,
    );
    const ca = "stacks/certificates/authority.pem";
    expect(ours).toMatchObject({ host: "db.example.com", user: "dba" });
    expect(ours?.tls).toEqual({ mode: "verify-full", ca });
    expect(theirs).toMatchObject({
      ...{ host: "db.example.com", username: "dba", database: "postgres" },
      ...{ sslmode: "verify-full", sslrootcert: ca, superuser: "false" },
    });
    expect(outputs.connection).toMatchObject({ host: "db.example.com", sslmode: "verify-full" });
  });

  test("what the stack goes without is not declared", async () => {
    const { registrations } = await runProgram(existing());
    expect(registrations.filter(({ type }) => type.endsWith(":Extension"))).toEqual([]);
    const roles = Object.fromEntries(
      registrations
        .filter(({ type }) => type.endsWith(":Role"))
        .map(({ inputs }) => [inputs.name, inputs.roles]),
    );
    expect(roles).toMatchObject({ nostromo_monitor: [], nostromo_backup: ["pg_read_all_data"] });
  });

  test("a disposable stack goes with its database, but for tenants, which have roles", async () => {
    const { registrations } = await runProgram(existing({ "tenantry:disposable": "true" }));
    const ends = new Set(registrations.map(({ deletedWith }) => deletedWith));
    expect([...ends].sort()).toEqual(["", "database-nostromo"]);
    const stay = registrations.filter(({ deletedWith }) => deletedWith === "");
    expect(new Set(stay.map(({ type }) => type.split(":").at(-1)))).toEqual(
      new Set(
        ["Server", "Platform", "Fleet", "tenantry", "postgresql", "ExistingServer"].concat([
          "OwnerMembership",
          "Credential",
          "Role",
          "Database",
          "Tenant",
          "FleetMigrations",
        ]),
      ),
    );
  });
});

test("each tenant is one resource with one property, and only a retired one may go", async () => {
  const { registrations } = await runProgram(config);
  const tenants = registrations.filter(({ type }) => type === "tenantry:index:Tenant");
  expect(tenants.map(({ name, inputs, protect }) => ({ name, inputs, protect }))).toEqual([
    {
      name: "empresa_1",
      protect: true,
      inputs: {
        spec: { id: "empresa_1", company: "empresa_1", state: "active", isolation: "shared" },
      },
    },
    {
      name: "empresa_2",
      protect: false,
      inputs: {
        spec: { id: "empresa_2", company: "Dos SpA", state: "retired", isolation: "shared" },
      },
    },
  ]);
});

test("in shards, tenants are 128 resources, and one that has any is protected", async () => {
  const { registrations, outputs } = await runProgram({ ...config, "tenantry:layout": "shards" });
  expect(registrations.filter(({ type }) => type === "tenantry:index:Tenant")).toEqual([]);
  const shards = registrations.filter(({ type }) => type === "tenantry:index:TenantShard");
  expect(shards).toHaveLength(128);
  expect(new Set(shards.map(({ dependencies }) => dependencies.join()))).toEqual(
    new Set(["migrations-shared"]),
  );
  const full = shards.filter(({ inputs }) => Object.keys(inputs.tenants as object).length > 0);
  expect(full.map(({ protect }) => protect)).toEqual([true, true]);
  expect(shards.filter(({ protect }) => protect)).toHaveLength(2);
  expect(full.map(({ inputs }) => inputs.tenants)).toContainEqual({
    empresa_2: { company: "Dos SpA", state: "retired", isolation: "shared" },
  });
  expect(outputs.tenantCount).toBe(2);
});

test("names of postgresql resources are always set, and passwords are verifiers", async () => {
  const { registrations } = await runProgram(config);
  const roles = registrations.filter(({ type }) => type === "postgresql:index/role:Role");
  expect(roles.length).toBeGreaterThanOrEqual(7);
  for (const { inputs } of roles) expect(inputs.name).toMatch(/^nostromo_/);
  const named = registrations.filter(({ type }) => /:(Role|Database|Schema|Extension)$/.test(type));
  for (const { inputs } of named) expect(inputs.name).toBeTypeOf("string");
});

test("the audit log hears of passwords once every role has them, and of no secret", async () => {
  const { registrations } = await runProgram({
    ...config,
    "tenantry:roles": '{"user": {"generation": 3, "overlap": true, "confirmed": 2}}',
  });
  const byName = new Map(registrations.map((one) => [one.name, one]));
  const before = new Set<string>();
  const visit = (name: string): void => {
    if (before.has(name)) return;
    before.add(name);
    byName.get(name)?.dependencies.forEach(visit);
  };
  visit("migrations-central");
  const roles = registrations.filter(({ type }) => type === "postgresql:index/role:Role");
  expect(roles.map(({ name }) => name).filter((name) => !before.has(name))).toEqual([]);
  const once = { generation: 1, overlap: false };
  expect(byName.get("migrations-central")?.inputs.rotations).toEqual({
    nostromo_user: { generation: 3, overlap: true, confirmed: 2 },
    nostromo_app: once,
    nostromo_readonly: once,
    nostromo_monitor: once,
    nostromo_backup: once,
  });
});

describe("a role whose passwords overlap", () => {
  const overlapping = (user: object) =>
    runProgram({
      ...config,
      "tenantry:roles": JSON.stringify({ backup: { overlap: true, ...user } }),
    });
  const ofBackup = (registrations: readonly Registration[]): Registration[] =>
    registrations.filter(
      ({ type, name }) => /:Role$|:Credential$/.test(type) && name.includes("backup"),
    );

  test("has two logins, which are members of it and in all else like it", async () => {
    const { registrations } = await overlapping({ generation: 3, confirmed: 2 });
    expect(ofBackup(registrations).map(show).sort()).toEqual([
      "Credential credential-backup in platform",
      "Credential credential-backup-a in platform",
      "Credential credential-backup-b in platform",
      "postgresql:index/role:Role role-nostromo_backup in platform protected after credential-backup, role-nostromo_monitor",
      "postgresql:index/role:Role role-nostromo_backup_a in platform after credential-backup-a, role-nostromo_backup",
      "postgresql:index/role:Role role-nostromo_backup_b in platform after credential-backup-b, role-nostromo_backup_a",
    ]);
    const inputs = new Map(ofBackup(registrations).map((one) => [one.name, one.inputs]));
    expect(inputs.get("credential-backup")).toMatchObject({
      role: "nostromo_backup",
      overlap: { generation: 3, confirmed: 2 },
    });
    expect(inputs.get("credential-backup")).not.toHaveProperty("generation");
    expect(inputs.get("credential-backup-a")).toMatchObject({
      role: "nostromo_backup_a",
      generation: 3,
    });
    expect(inputs.get("credential-backup-b")).toMatchObject({
      role: "nostromo_backup_b",
      generation: 2,
    });
    const same = { connectionLimit: 2, bypassRowLevelSecurity: true, replication: false };
    expect(inputs.get("role-nostromo_backup")).toMatchObject({
      ...same,
      login: false,
      roles: ["pg_read_all_data"],
    });
    for (const name of ["nostromo_backup_a", "nostromo_backup_b"])
      expect(inputs.get(`role-${name}`)).toMatchObject({
        ...same,
        name,
        login: true,
        roles: ["nostromo_backup"],
      });
  });

  test("keeps its own login until something is confirmed", async () => {
    const logins = async (user: object): Promise<unknown[]> =>
      ofBackup((await overlapping(user)).registrations)
        .filter(({ inputs }) => inputs.login === true)
        .map(({ name }) => name);
    expect(await logins({})).toEqual(["role-nostromo_backup", "role-nostromo_backup_a"]);
    expect(await logins({ confirmed: 1 })).toEqual(["role-nostromo_backup_a"]);
  });

  test("gives its current login to applications", async () => {
    const { outputs } = await overlapping({ generation: 2 });
    expect(outputs.logins).toMatchObject({
      user: { user: "nostromo_user" },
      backup: { user: "nostromo_backup_b" },
    });
  });
});

test("the outputs say where the database is, and list no tenant", async () => {
  const { outputs } = await runProgram(config);
  expect(Object.keys(outputs).sort()).toEqual(["connection", "logins", "tenantCount"]);
  expect(outputs.tenantCount).toBe(2);
});
