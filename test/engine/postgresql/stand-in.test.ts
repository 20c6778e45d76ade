import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UNKNOWN, secret } from "../../../src/protocol/values.ts";
import type { Properties } from "../../../src/protocol/values.ts";
import { sharedCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { PostgresqlPlugin, postgresqlUrn } from "../../support/postgresql-plugin.ts";
import type { TestResource } from "../../support/tenantry-plugin.ts";

/** Roles and databases belong to the whole cluster, which other test files use as well. */
const prefix = `si_${randomUUID().slice(0, 8)}`;
const owner = `${prefix}_owner`;
const database = `${prefix}_db`;
const VERIFIER = `SCRAM-SHA-256$4096:c2FsdA==$${"A".repeat(43)}=:${"B".repeat(43)}=`;

let cluster: TestCluster;
let admin: pg.Client;
let plugin: PostgresqlPlugin;
const running: PostgresqlPlugin[] = [];

async function start(...pendingCreates: string[]): Promise<PostgresqlPlugin> {
  const started = await PostgresqlPlugin.start(cluster, { pendingCreates });
  running.push(started);
  return started;
}

/** Declares an object, through Check, as an engine does. */
async function declare(type: string, news: Properties, by = plugin): Promise<TestResource> {
  const object = by.object(type, "it");
  await object.apply(await by.checked(type, "it", news));
  return object;
}

const one = async <T>(query: string, client = admin): Promise<T | undefined> =>
  ((await client.query({ text: query, rowMode: "array" })).rows as T[][])[0]?.[0];

beforeAll(async () => {
  cluster = await sharedCluster();
  admin = await cluster.connect();
  plugin = await start();
  await declare("Role", { name: owner });
  await declare("Database", { name: database, owner });
});

afterAll(async () => {
  await plugin.stop();
  for (const started of running) started.process.process.kill("SIGKILL");
  await admin.query(`drop database if exists ${database} with (force)`);
  const { rows } = await admin.query<{ rolname: string }>(
    "select rolname from pg_roles where rolname like $1",
    [`${prefix}%`],
  );
  for (const { rolname } of rows)
    await admin.query(`drop owned by ${rolname}; drop role ${rolname}`);
  await admin.end();
});

/** What can exist already: how to declare it, how to make it by hand, and a change to see. */
const OBJECTS = [
  {
    type: "Role",
    news: { name: `${prefix}_role`, login: true },
    byHand: `create role ${prefix}_role`,
    drift: `alter role ${prefix}_role createdb`,
    drifted: "createDatabase",
    gone: `drop role ${prefix}_role`,
    title: `role "${prefix}_role"`,
    importId: `${prefix}_role`,
    inDatabase: false,
  },
  {
    type: "Database",
    news: { name: `${prefix}_other`, owner },
    byHand: `create database ${prefix}_other template template0`,
    drift: `alter database ${prefix}_other connection limit 5`,
    drifted: "connectionLimit",
    gone: `drop database ${prefix}_other with (force)`,
    title: `database "${prefix}_other"`,
    importId: `${prefix}_other`,
    inDatabase: false,
  },
  {
    type: "Schema",
    news: { name: "room", database, owner, ifNotExists: false },
    byHand: "create schema room",
    drift: "alter schema room owner to postgres",
    drifted: "owner",
    gone: "drop schema room",
    title: 'schema "room"',
    importId: `${database}.room`,
    inDatabase: true,
  },
  {
    type: "Extension",
    news: { name: "citext", database, schema: "pg_catalog" },
    byHand: "create extension citext",
    drift: "alter extension citext set schema public",
    drifted: "schema",
    gone: "drop extension citext",
    title: 'extension "citext"',
    importId: `${database}.citext`,
    inDatabase: true,
  },
] as const;

for (const { type, news, byHand, drift, drifted, gone, title, importId, inDatabase } of OBJECTS) {
  const inPlace = async (statement: string): Promise<void> => {
    const client = await cluster.connect({ database: inDatabase ? database : "postgres" });
    await client.query(statement);
    await client.end();
  };

  test(`${title} of somebody else's is refused, and left as it is`, async () => {
    await inPlace(byHand);
    await expect(declare(type, news)).rejects.toMatchObject({
      details: expect.stringMatching(
        new RegExp(
          `There is already ${title}.*pulumi import .*:${type} NAME "${importId}".*TNT-451`,
        ),
      ),
    });
    await inPlace(gone);
  });

  test(`${title} of an interrupted run's is adopted, and made what was declared`, async () => {
    await inPlace(byHand);
    const other = await start(postgresqlUrn(type, "another"));
    await expect(declare(type, news, other)).rejects.toThrow("TNT-451");
    await other.stop();
    const adopter = await start(postgresqlUrn(type, "it"));
    const object = await declare(type, news, adopter);
    expect(object.outputs).toMatchObject(news);
    await object.remove();
    await adopter.stop();
  });

  test(`${title}: created, looked at, mended, removed`, async () => {
    const inputs = await plugin.checked(type, "it", news);
    const object = plugin.object(type, "it");
    expect(await object.preview(inputs)).toMatchObject({ ...news, id: UNKNOWN });
    await object.apply(inputs);
    expect(await object.diff(inputs)).toMatchObject({ changes: "none" });
    const before = object.state;
    expect((await object.refresh())?.outputs).toMatchObject(news);
    await inPlace(drift);
    await object.refresh();
    expect(await object.diff(inputs)).toMatchObject({ changes: "some", diffs: [drifted] });
    await object.apply(inputs);
    expect((await object.refresh())?.outputs).toMatchObject(news);
    await object.remove();
    // Once more, as an engine may ask twice; and what is gone reads as gone.
    object.state = before;
    await object.remove();
    object.state = before;
    expect(await object.refresh()).toBeUndefined();
  });
}

test("a database that differs in what cannot change is not adopted", async () => {
  const name = `${prefix}_fixed`;
  await admin.query(
    `create database ${name} template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'`,
  );
  const adopter = await start(postgresqlUrn("Database", "it"));
  await expect(declare("Database", { name, encoding: "UTF8" }, adopter)).rejects.toThrow(
    /database .*TNT-451/,
  );
  await adopter.stop();
  await admin.query(`drop database ${name} with (force)`);
});

test("rights are exactly what was declared, and go with the resource", async () => {
  const role = `${prefix}_reader`;
  await declare("Role", { name: role });
  const schema = await declare("Schema", { name: "shelf", database, owner, ifNotExists: false });
  const client = await cluster.connect({ database });
  const may = (privilege: string): Promise<boolean | undefined> =>
    one<boolean>(`select has_schema_privilege('${role}', 'shelf', '${privilege}')`, client);
  const on = { database, role, objectType: "schema", schema: "shelf" };
  const grant = await declare("Grant", { ...on, privileges: ["USAGE", "CREATE"] });
  expect([await may("usage"), await may("create")]).toEqual([true, true]);
  await grant.apply(await plugin.checked("Grant", "it", { ...on, privileges: ["USAGE"] }));
  expect([await may("usage"), await may("create")]).toEqual([true, false]);
  await client.query(`revoke all on schema shelf from ${role}`);
  expect((await grant.refresh())?.outputs).toMatchObject({ privileges: [] });
  await grant.apply(await plugin.checked("Grant", "it", { ...on, privileges: ["USAGE"] }));
  expect(await may("usage")).toBe(true);

  const defaults = await declare("DefaultPrivileges", {
    ...{ database, role, owner, schema: "shelf", objectType: "table" },
    privileges: ["SELECT"],
  });
  await client.query(`set role ${owner}; create table shelf.book (); reset role`);
  const reads = `select has_table_privilege('${role}', 'shelf.book', 'select')`;
  expect(await one<boolean>(reads, client)).toBe(true);
  await client.query(
    `alter default privileges for role ${owner} in schema shelf revoke all on tables from ${role}`,
  );
  const { state } = defaults;
  expect(await defaults.refresh()).toBeUndefined();
  defaults.state = state;
  await defaults.remove();

  await grant.remove();
  expect(await may("usage")).toBe(false);
  // Not empty: it stays, and the error says what is in it.
  await expect(schema.remove()).rejects.toMatchObject({
    details: expect.stringMatching(
      /Removing schema "shelf" failed: .*SQLSTATE 2BP01.*shelf\.book.*TNT-452/s,
    ),
  });
  await client.query("drop table shelf.book");
  await schema.remove();
  await client.end();
});

test("a role has its verifier, memberships and settings, and none of them shows in an error", async () => {
  const name = `${prefix}_login`;
  const news = {
    name,
    login: true,
    password: secret(VERIFIER),
    roles: ["pg_monitor"],
    statementTimeout: 5000,
  };
  const object = await declare("Role", news);
  expect(object.outputs).toMatchObject({ ...news, passwordWo: secret(null) });
  const stored = `select rolpassword from pg_authid where rolname = '${name}'`;
  expect(await one<string>(stored)).toBe(VERIFIER);
  await admin.query(`alter role ${name} password null; revoke pg_monitor from ${name}`);
  expect((await object.refresh())?.outputs).toMatchObject({ password: secret(""), roles: [] });
  await object.apply(await plugin.checked("Role", "it", news));
  expect(await one<string>(stored)).toBe(VERIFIER);

  const failing = declare("Role", { ...news, name: `${name}_2`, roles: [`${prefix}_missing`] });
  await expect(failing).rejects.toMatchObject({
    details: expect.stringMatching(
      new RegExp(`Creating role "${name}_2" failed: .*${prefix}_missing.*SQLSTATE 42704.*TNT-452`),
    ),
  });
  await expect(failing).rejects.not.toThrow("SCRAM");
  expect(await one(`select from pg_roles where rolname = '${name}_2'`)).toBeUndefined();
  await object.remove();
});

test("what is to be in a database that is not there names object, SQLSTATE and database", async () => {
  const missing = `${prefix}_missing`;
  await expect(declare("Schema", { name: "room", database: missing })).rejects.toMatchObject({
    details: expect.stringMatching(
      new RegExp(`Creating schema "room" failed: .*${missing}.*SQLSTATE 3D000.*TNT-452`),
    ),
  });
});

test("an object's owner and rights are handed over before a role goes", async () => {
  const name = `${prefix}_leaver`;
  const object = await declare("Role", { name });
  await admin.query(`create schema ${prefix}_left authorization ${name}`);
  await object.remove();
  expect(
    await one(`select nspowner::regrole::text from pg_namespace where nspname = '${prefix}_left'`),
  ).toBe("postgres");
  await admin.query(`drop schema ${prefix}_left`);
});

test("many at once on the same rows of the catalog all succeed", async () => {
  const roles = Array.from({ length: 12 }, (_, index) => `${prefix}_many_${index}`);
  await Promise.all(roles.map((name) => declare("Role", { name })));
  await Promise.all(
    roles.map((role) =>
      declare("Grant", { database, role, objectType: "database", privileges: ["CONNECT"] }),
    ),
  );
  const granted = await one<string>(
    `select count(*) from pg_database, aclexplode(datacl) a join pg_roles r on r.oid = a.grantee
     where datname = '${database}' and rolname like '${prefix}\\_many%'`,
  );
  expect(Number(granted)).toBe(roles.length);
});

test("a preview changes nothing, and knows what it cannot know", async () => {
  const object = plugin.object("Database", "it");
  const news = await plugin.checked("Database", "it", { name: `${prefix}_dream`, owner: UNKNOWN });
  expect(await object.preview(news)).toMatchObject({ owner: UNKNOWN, encoding: UNKNOWN });
  expect(await one(`select from pg_database where datname = '${prefix}_dream'`)).toBeUndefined();
});

test("wrong inputs are refused all at once, before anything runs", async () => {
  const role = plugin.object("Role", "it");
  const reasons = await role.check({
    name: "r",
    login: "yes",
    connectionLimit: -2,
    password: secret("plain text"),
    encrypted: "x",
    searchPaths: ["a, b"],
    shoe: 43,
  });
  expect(reasons.map((reason) => reason.split(":")[0])).toEqual(
    expect.arrayContaining([
      "login",
      "connectionLimit",
      "password",
      "encrypted",
      "searchPaths",
      "shoe",
    ]),
  );
  expect(reasons.join()).not.toContain("plain text");
  expect(await plugin.object("Grant", "it").check({ database, privileges: ["USAGE"] })).toEqual([
    expect.stringContaining("role"),
    expect.stringContaining("objectType"),
  ]);
  expect(
    await plugin
      .object("Grant", "it")
      .check({ database, role: "r", objectType: "schema", privileges: ["SELECT"] }),
  ).toEqual([
    expect.stringMatching(/"SELECT" cannot be granted on a schema. Allowed: ALL, CREATE, USAGE/),
    expect.stringContaining("schema: "),
  ]);
  const later = { name: UNKNOWN, login: UNKNOWN, password: secret(UNKNOWN), roles: ["a", UNKNOWN] };
  expect(await role.check(later)).toEqual([]);
});

test("the provider's arguments are texts in the state, and what it cannot do is refused", async () => {
  const urn = "urn:pulumi:test::tenantry::pulumi:providers:postgresql::it";
  expect(await plugin.process.checkConfig(urn, { host: "h", port: 5432, superuser: true })).toEqual(
    { inputs: { host: "h", port: "5432", superuser: "true" }, failures: [] },
  );
  const { failures } = await plugin.process.checkConfig(urn, {
    sslmode: "prefer",
    port: "x",
    awsRdsIamAuth: "true",
  });
  expect(failures.map(({ property }) => property).sort()).toEqual([
    "awsRdsIamAuth",
    "port",
    "sslmode",
  ]);
});
