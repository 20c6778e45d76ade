import { afterAll, beforeAll, expect, test } from "vitest";
import { plainProperties } from "../../../src/protocol/secrets.ts";
import { isSecret, secret } from "../../../src/protocol/values.ts";
import type { Properties } from "../../../src/protocol/values.ts";
import { startCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { PostgresqlPlugin, officialPlugin } from "../../support/postgresql-plugin.ts";

/** What happens to one object: declared, changed from outside, declared again. */
interface Story {
  readonly type: string;
  readonly name: string;
  readonly declarations: readonly Properties[];
  /** Statements behind the back, each followed by a look. */
  readonly drifts?: readonly string[];
}

const verifier = (salt: string): string =>
  `SCRAM-SHA-256$4096:${Buffer.from(salt).toString("base64")}$${"A".repeat(43)}=:${"B".repeat(43)}=`;

/** Ordered as objects depend on each other. */
const STORIES: readonly Story[] = [
  {
    type: "Role",
    name: "owner",
    declarations: [
      { name: "p_owner", roles: [] },
      { name: "p_owner", createDatabase: true },
    ],
    drifts: [
      "alter role p_owner createdb",
      "alter role p_owner nocreatedb valid until '2030-01-01'",
    ],
  },
  {
    type: "Role",
    name: "user",
    declarations: [
      {
        name: "p_user",
        login: true,
        password: secret(verifier("one")),
        roles: ["p_owner", "pg_monitor", "pg_read_all_data"],
        connectionLimit: 20,
        searchPaths: ["b", "a"],
        statementTimeout: 1000,
      },
      { name: "p_user", login: true, password: secret(verifier("two")), roles: ["p_owner"] },
      {
        name: "p_user",
        login: true,
        password: secret(verifier("two")),
        bypassRowLevelSecurity: true,
        replication: true,
        inherit: false,
        validUntil: "2031-01-01 00:00:00+00",
      },
    ],
    drifts: [
      "alter role p_user nologin connection limit 3",
      "alter role p_user login; revoke pg_monitor from p_user",
      "grant pg_monitor, pg_read_all_settings to p_user",
      `alter role p_user password '${verifier("foreign")}'`,
      "alter role p_user set idle_in_transaction_session_timeout = 5",
    ],
  },
  {
    type: "Role",
    name: "group",
    declarations: [{ name: "p_group", password: secret(verifier("g")) }],
  },
  {
    type: "Database",
    name: "database",
    declarations: [
      {
        name: "p_db",
        owner: "p_owner",
        encoding: "UTF8",
        lcCollate: "C.UTF-8",
        lcCtype: "C.UTF-8",
        template: "template0",
        connectionLimit: -1,
        allowConnections: true,
      },
      { name: "p_db", owner: "p_user", connectionLimit: 7 },
      { name: "p_db", owner: "p_owner", lcCollate: "C" },
    ],
    drifts: ["alter database p_db connection limit 9", "alter database p_db owner to postgres"],
  },
  { type: "Database", name: "plain", declarations: [{ name: "p_plain" }] },
  {
    type: "Schema",
    name: "schema",
    declarations: [
      { name: "p_schema", owner: "p_owner", ifNotExists: false, dropCascade: false },
      { name: "p_schema", owner: "p_user", ifNotExists: false, dropCascade: true },
      { name: "p_renamed", owner: "p_user" },
    ],
    drifts: ["alter schema p_schema owner to postgres"],
  },
  { type: "Schema", name: "elsewhere", declarations: [{ name: "p_other", database: "p_db" }] },
  {
    type: "Extension",
    name: "extension",
    declarations: [
      { name: "citext", schema: "p_renamed" },
      { name: "citext", schema: "public" },
      { name: "citext" },
      { name: "hstore" },
    ],
    drifts: ["alter extension citext set schema public"],
  },
  {
    type: "Grant",
    name: "connect",
    declarations: [
      {
        database: "postgres",
        role: "p_user",
        objectType: "database",
        privileges: ["TEMPORARY", "CREATE", "CONNECT"],
      },
      { database: "postgres", role: "p_user", objectType: "database", privileges: ["CONNECT"] },
      { database: "postgres", role: "p_user", objectType: "database", privileges: ["ALL"] },
      { database: "postgres", role: "p_user", objectType: "database", privileges: [] },
    ],
    drifts: [
      "revoke temporary on database postgres from p_user",
      "revoke all on database postgres from p_user",
    ],
  },
  {
    type: "Grant",
    name: "usage",
    declarations: [
      {
        database: "postgres",
        role: "public",
        objectType: "schema",
        schema: "p_renamed",
        privileges: ["USAGE"],
      },
    ],
    drifts: ["grant create on schema p_renamed to public"],
  },
  {
    type: "Grant",
    name: "none",
    declarations: [
      { database: "p_db", role: "public", objectType: "database", privileges: [] },
      { database: "p_plain", role: "public", objectType: "database", privileges: [] },
    ],
  },
  {
    type: "DefaultPrivileges",
    name: "tables",
    declarations: [
      {
        database: "postgres",
        role: "p_user",
        owner: "p_owner",
        schema: "p_renamed",
        objectType: "table",
        privileges: ["SELECT", "UPDATE", "INSERT", "DELETE"],
      },
      {
        database: "postgres",
        role: "p_user",
        owner: "p_owner",
        schema: "p_renamed",
        objectType: "table",
        privileges: ["SELECT"],
      },
    ],
    drifts: [
      "alter default privileges for role p_owner in schema p_renamed revoke delete on tables from p_user",
    ],
  },
  {
    type: "DefaultPrivileges",
    name: "functions",
    declarations: [
      {
        database: "postgres",
        role: "public",
        owner: "p_owner",
        objectType: "function",
        privileges: [],
      },
    ],
  },
];

/** Everything the stories touch, as PostgreSQL sees it. */
const CATALOG = {
  roles: `select r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin,
      r.rolreplication, r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil, r.rolpassword, s.setconfig
    from pg_authid r left join pg_db_role_setting s on s.setrole = r.oid
    where r.rolname like 'p\\_%' order by 1`,
  members: `select roleid::regrole::text, member::regrole::text, admin_option, inherit_option, set_option
    from pg_auth_members where member::regrole::text like 'p\\_%' order by 1, 2`,
  databases: `select datname, datdba::regrole::text, encoding, datcollate, datctype, datconnlimit,
      datallowconn, datistemplate, datacl::text from pg_database order by 1`,
  schemas: `select nspname, nspowner::regrole::text, nspacl::text from pg_namespace
    where nspname not like 'pg\\_temp%' order by 1`,
  extensions: `select extname, extversion, extnamespace::regnamespace::text from pg_extension order by 1`,
  defaults: `select defaclrole::regrole::text, defaclnamespace::regnamespace::text, defaclobjtype::text,
      defaclacl::text from pg_default_acl order by 1, 2, 3`,
};

/** Runs a story and notes every answer on the way. */
async function tell(
  plugin: PostgresqlPlugin,
  cluster: TestCluster,
  story: Story,
): Promise<unknown[]> {
  const { type, name, declarations, drifts = [] } = story;
  const notes: unknown[] = [];
  const note = (what: string, value: unknown): void => void notes.push([what, value]);
  const object = plugin.object(type, name);
  for (const [index, declaration] of declarations.entries()) {
    const inputs = await plugin.checked(type, name, declaration);
    note(`check ${index}`, inputs);
    if (object.state) {
      const { changes, replaces, diffs, deleteBeforeReplace } = await object.diff(inputs);
      note(`diff ${index}`, { changes, replaces, diffs, deleteBeforeReplace });
      if (replaces.length > 0) continue;
    }
    note(`preview ${index}`, await object.preview(inputs));
    note(`apply ${index}`, await object.apply(inputs));
    note(`no diff ${index}`, await object.diff(inputs));
    note(`refresh ${index}`, await object.refresh());
    note(`no diff after refresh ${index}`, await object.diff(inputs));
    if (index > 0 || drifts.length === 0) continue;
    const client = await cluster.connect();
    for (const drift of drifts) {
      await client.query(drift);
      note(drift, await object.refresh());
      const { changes, diffs, detailed } = await object.diff(inputs);
      note(`${drift}: diff`, { changes, diffs, paths: Object.keys(detailed).sort() });
    }
    await client.end();
    note("mended", await object.apply(inputs));
  }
  note("state", object.state);
  return notes;
}

async function catalogOf(cluster: TestCluster): Promise<Record<string, unknown>> {
  const client = await cluster.connect();
  const found: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(CATALOG))
    found[name] = (await client.query(query)).rows;
  await client.end();
  return found;
}

let clusters: TestCluster[] = [];
let plugins: PostgresqlPlugin[] = [];
const official = officialPlugin();

beforeAll(async () => {
  if (official === undefined) return;
  clusters = await Promise.all([startCluster(), startCluster()]);
  plugins = await Promise.all(
    clusters.map((cluster, index) =>
      PostgresqlPlugin.start(cluster, index === 0 ? {} : { executable: official }),
    ),
  );
});

afterAll(async () => {
  await Promise.all(plugins.map((plugin) => plugin.stop()));
  await Promise.all(clusters.map((cluster) => cluster.stop()));
});

test("the stand-in answers and does what the official plugin does", async (ctx) => {
  if (official === undefined)
    return ctx.skip("pulumi-resource-postgresql, the official plugin, is not on $PATH");
  const [ours, theirs] = plugins as [PostgresqlPlugin, PostgresqlPlugin];
  const [here, there] = clusters as [TestCluster, TestCluster];
  for (const story of STORIES) {
    const told = await tell(ours, here, story);
    expect(told, `${story.type} ${story.name}`).toEqual(await tell(theirs, there, story));

    // What the official plugin will make of a state that the stand-in left.
    const { id, inputs, outputs } = (
      told.at(-1) as [string, { id: string; inputs: Properties; outputs: Properties }]
    )[1];
    const left = theirs.object(story.type, story.name, { id, inputs, outputs });
    expect(await left.diff(inputs), `${story.type} ${story.name}`).toMatchObject({
      changes: "none",
    });
    if (story.type === "Role") {
      expect(isSecret(outputs.password)).toBe(true);
      expect(plainProperties(outputs)).not.toEqual(outputs);
    }
  }
  expect(await catalogOf(here)).toEqual(await catalogOf(there));
});
