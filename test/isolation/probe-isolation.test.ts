import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { probeIsolation } from "../../src/cli/probe-isolation.ts";
import type { ProbedTenant } from "../../src/cli/probe-isolation.ts";
import { createPartitions } from "../../src/fleet/partitions/create-partitions.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { startCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
const tenants: ProbedTenant[] = [];
const probe = () => {
  const { user, owner } = platform.roles;
  return probeIsolation({ login: platform.login(user), tenants, owner });
};
const found = async () =>
  (await probe()).findings.map(({ code, subject, found }) => [code, subject, found]);

beforeAll(async () => {
  cluster = await startCluster();
  platform = await preparePlatform(cluster);
  for (const isolation of ["shared", "strict"] as const)
    for (const state of ["active", "active", "suspended"] as const) {
      const id = `t${tenants.length}`;
      await provisionTenant(platform.ctx, spec(id, { isolation }));
      if (state !== "active") await updateTenant(platform.ctx, spec(id, { isolation, state }));
      tenants.push({ id, isolation, state });
    }
});
afterAll(async () => {
  await platform.close();
  await cluster.stop();
});

test("a platform as it should be refuses everything", async () => {
  // Each isolation: a tenant that is not there, one that is shut, from inside that one, shared, books, the owner's role;
  // and strict ones each other.
  expect(await probe()).toEqual({ attacks: 6 + 6 + 2, findings: [] });
  expect(await probeIsolation({ login: {}, tenants: [], owner: "x" })).toEqual({
    attacks: 0,
    findings: [],
  });
});

const SCHEMAS: Readonly<Record<string, string>> = {
  tenant_t4: "tenant_t3",
  tenant_t2: "user",
  shared: "user",
  tenantry: "user",
};
const role = (name: string): string => (name === "user" ? platform.roles.user : name);

test.each([
  ["tenant_t4", [["DOC-81", "scope of t3", "reads in tenant_t4"]]],
  [
    "tenant_t2",
    [
      ["DOC-81", "scope of t2", "opens, and the tenant is suspended"],
      ["DOC-81", "scope of t0", "reads in tenant_t2"],
    ],
  ],
  ["shared", [["DOC-81", "scope of t0", "reads in shared"]]],
  ["tenantry", [["DOC-81", "scope of t0", "reads in tenantry"]]],
])("a right on %s that should not be there is found", async (schema, findings) => {
  const to = role(SCHEMAS[schema] ?? "");
  const { admin } = platform;
  await admin.query(
    `grant usage on schema ${schema} to ${to}; grant select on all tables in schema ${schema} to ${to}`,
  );
  expect(await found()).toEqual(findings);
  await admin.query(
    `revoke all on schema ${schema} from ${to}; revoke all on all tables in schema ${schema} from ${to}`,
  );
  expect(await found()).toEqual([]);
});

test("an application that may become the owner is found, twice", async () => {
  const { admin, roles } = platform;
  await admin.query(`grant ${roles.owner} to ${roles.user} with inherit false`);
  expect((await found()).filter(([, subject]) => subject === "scope of t0")).toEqual([
    ["DOC-81", "scope of t0", `takes the role ${roles.owner}`],
  ]);
  await admin.query(`grant ${roles.owner} to ${roles.user} with inherit true`);
  expect(await found()).toContainEqual([
    "DOC-80",
    roles.user,
    expect.stringMatching(/owns tenant_t0, or inherits/),
  ]);
  await admin.query(`revoke ${roles.owner} from ${roles.user}`);
  expect(await found()).toEqual([]);
});

test("a server that cannot be asked is an error, not a refusal", async () => {
  const { user, owner } = platform.roles;
  const login = { ...platform.login(user), password: "wrong" };
  await expect(probeIsolation({ login, tenants, owner })).rejects.toThrow(
    /password authentication failed/,
  );
});

describe("without tenant schemas", () => {
  let values: TestPlatform;
  const found = async () => {
    const { user, owner } = values.roles;
    const tenants = ["isp_1", "isp_2"].map((id): ProbedTenant => ({
      id,
      state: "active",
      isolation: "partitions",
    }));
    const { attacks, findings } = await probeIsolation({
      ...{ login: values.login(user), tenants, owner },
    });
    // A value that is not there, DEFAULT, schema partitions, books, the owner's role.
    expect(attacks).toBe(5);
    return findings.map(({ code, subject, found }) => [code, subject, found]);
  };
  beforeAll(async () => {
    values = await preparePlatform(cluster, { partitions: "values" });
    for (const key of ["isp_1", "isp_2"])
      await createPartitions({ ...values.ctx, placement: "values" }, key);
  });
  afterAll(() => values.close());

  test("a stack as up leaves it refuses everything", async () => {
    expect(await found()).toEqual([]);
  });

  test.each([
    [
      "select on shared.messages_default",
      [["DOC-80", "user", expect.stringMatching(/may use shared\.messages_default, and no row/)]],
    ],
    [
      "select on shared.conversations_default",
      [
        ["DOC-80", "user", expect.stringMatching(/may use shared\.conversations_default/)],
        ["DOC-81", "scope of isp_1", "reads a partition in shared"],
      ],
    ],
    [
      "truncate on shared.messages",
      [["DOC-80", "user", expect.stringMatching(/may truncate shared\.messages/)]],
    ],
  ])("a grant of %s is found", async (right, findings) => {
    const { user } = values.roles;
    await values.admin.query(`grant ${right} to ${user}`);
    const named = (findings as unknown[][]).map(([code, subject, text]) => [
      code,
      subject === "user" ? user : subject,
      text,
    ]);
    expect(await found()).toEqual(named);
    await values.admin.query(`revoke ${right} from ${user}`);
  });

  test("a table whose row level security was switched off is found", async () => {
    await values.admin.query("alter table shared.messages disable row level security");
    expect(await found()).toEqual([
      ["DOC-80", values.roles.user, expect.stringMatching(/may use shared\.messages, and no row/)],
    ]);
    await values.admin.query("alter table shared.messages enable row level security");
  });
});
