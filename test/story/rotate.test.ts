import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { readStackOutputs } from "../../src/engine/stack-outputs.ts";
import { LOGIN_ROLES } from "../../src/settings/settings.ts";
import type { LoginRole } from "../../src/settings/settings.ts";
import { freshClone } from "./fresh-clone.ts";
import type { FreshClone, Ran } from "./fresh-clone.ts";
import { ENGINES, environmentOn, whyNotOn } from "./on-engine.ts";
import type { StoryEngine } from "./on-engine.ts";

const TIMEOUT = 600_000;
interface Login {
  readonly user: string;
  readonly password: string;
}

/** What the audit log has of a role's logins. */
interface LoginRecord {
  readonly role: string;
  readonly login: string;
  readonly generation: number;
  readonly confirmed?: number;
}

interface LoginEntry {
  readonly actor: string;
  readonly action: string;
  readonly before: LoginRecord | null;
  readonly after: LoginRecord;
  readonly run: string;
}

/** Every role that logs in, all at the same point of their rotation. */
class Rotated {
  readonly #clone: FreshClone;
  readonly #engine: StoryEngine;

  constructor(clone: FreshClone, engine: StoryEngine) {
    this.#clone = clone;
    this.#engine = engine;
  }

  run(...args: string[]): Ran {
    const command = ["bin/tenantry.js", ...args, "--engine", this.#engine];
    return this.#clone.run("node", command, environmentOn(this.#engine, this.#clone));
  }

  declare(rotation: object): void {
    const { stackFile, port } = this.#clone;
    const roles = Object.fromEntries(LOGIN_ROLES.map((role) => [role, rotation]));
    const config = {
      "tenantry:disposable": true,
      "tenantry:server": { port, capacity: { tenants: 16 } },
      "tenantry:roles": roles,
      "tenantry:tenants": ["empresa_1", { id: "empresa_2", isolation: "strict" }],
    };
    writeFileSync(stackFile, JSON.stringify({ config }));
  }

  /** Brings it up, and shows that nothing is left to do then. */
  up(rotation: object): void {
    this.declare(rotation);
    expect(this.run("up", "--yes")).toMatchObject({ code: 0 });
    expect(this.run("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
  }

  /** Shows that the database is as the state says. */
  refresh(): void {
    const { code, stdout } = this.run("refresh", "--preview-only");
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/to (create|change|REMOVE)/);
  }

  /** What the audit log tells of the logins, each change of all roles as one, the oldest first. */
  logged(): string[] {
    const { stdout } = this.#clone.run("node", ["bin/tenantry.js", "log", "--json"]);
    const entries = (JSON.parse(stdout) as LoginEntry[]).filter(({ action }) =>
      action.startsWith("login."),
    );
    const runs = [...Map.groupBy(entries.toReversed(), ({ run }) => run).values()];
    return runs.map((changes) => {
      expect(changes.map(({ after }) => after.role).sort()).toEqual(
        LOGIN_ROLES.map((role) => `nostromo_${role}`).sort(),
      );
      const told = changes.map(({ actor, action, before, after }) => {
        const [from, to] = [before, after].map((one) =>
          one
            ? [one.generation, one.login.replace(one.role, ""), one.confirmed].join(" ").trim()
            : "",
        );
        return `${actor}: ${action} ${from} => ${to}`;
      });
      expect(new Set(told).size).toBe(1);
      return told[0] ?? "";
    });
  }

  /** The current login of the application, as the command line tells it. */
  login(): Login {
    const { stdout } = this.run("env", "--json");
    const { DB_USER, DB_PASSWORD } = JSON.parse(stdout) as Record<string, string>;
    return { user: DB_USER!, password: DB_PASSWORD! };
  }

  /** The current login of each role. */
  async logins(): Promise<Login[]> {
    const { root } = this.#clone;
    const outputs = await readStackOutputs({
      root,
      stack: "dev",
      backend: join(root, ".tenantry/state"),
      passphrase: readFileSync(join(root, ".tenantry/dev/passphrase"), "utf8").trim(),
      showSecrets: true,
    });
    const logins = outputs?.logins as unknown as Record<LoginRole, Login>;
    expect(this.login()).toEqual(logins.user);
    return LOGIN_ROLES.map((role) => logins[role]);
  }

  get adminFile(): string {
    return join(this.#clone.root, ".tenantry/dev/admin-password");
  }

  async connect(login: Login): Promise<pg.Client> {
    const { port } = this.#clone;
    const client = new pg.Client({ host: "127.0.0.1", port, database: "nostromo", ...login });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** All that a login may do, and how: its rights on every table, its attributes, and strict tenants' roles. */
  async rights(login: Login): Promise<unknown> {
    const client = await this.connect(login);
    try {
      const { rows: privileges } = await client.query(
        `select c.oid::regclass::text as table, p as privilege from pg_class c, unnest(array['select', 'insert',
         'update', 'delete', 'truncate', 'references']) p
         where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text !~ '^pg_|^information_schema'
         and has_schema_privilege(c.relnamespace, 'usage') and has_table_privilege(c.oid, p)
         order by 1, 2`,
      );
      const { rows: attributes } = await client.query(
        `select rolconnlimit, rolbypassrls, rolreplication, rolcreaterole, rolcreatedb, rolconfig, rolinherit
         from pg_roles where rolname = session_user`,
      );
      const asTenant = await client
        .query(
          "begin; set local role tenant_empresa_2; select * from tenant_empresa_2.payroll; commit",
        )
        .then(
          () => true,
          (error: unknown) => (error as { code: string }).code,
        );
      return { privileges, attributes, asTenant };
    } finally {
      await client.end();
    }
  }

  async refused(login: Login): Promise<string> {
    const error = await this.connect(login).then(
      (client) => client.end().then(() => undefined),
      (error: unknown) => error as Error,
    );
    return error?.message ?? `${login.user} is let in`;
  }
}

async function rotated(engine: StoryEngine): Promise<Rotated> {
  const clone = await freshClone();
  const stack = new Rotated(clone, engine);
  onTestFinished(() => {
    if (existsSync(stack.adminFile)) stack.run("destroy", "--yes");
  });
  return stack;
}

test.for(ENGINES)(
  "two passwords of each role work at a time, until the new one is confirmed: engine %s",
  { timeout: TIMEOUT },
  async (engine, { skip }) => {
    const missing = whyNotOn(engine);
    if (missing !== undefined) return skip(missing);
    const stack = await rotated(engine);
    const rights = (logins: readonly Login[]) =>
      Promise.all(logins.map((one) => stack.rights(one)));
    const refused = (logins: readonly Login[]) =>
      Promise.all(logins.map((one) => stack.refused(one)));
    const notPermitted = (logins: readonly Login[]) =>
      logins.map(({ user }) => `role "${user}" is not permitted to log in`);
    const wrong = (logins: readonly Login[]) =>
      logins.map(({ user }) => `password authentication failed for user "${user}"`);

    stack.up({ generation: 1 });
    const first = await stack.logins();
    const before = await rights(first);
    const connected = await stack.connect(first[0]!);

    // Overlap begins: the old login stays as it is, and the new one may do the same.
    stack.up({ generation: 2, overlap: true });
    stack.refresh();
    const second = await stack.logins();
    expect(second.map(({ user }) => user)).toEqual(first.map(({ user }) => `${user}_b`));
    expect(await rights(first)).toEqual(before);
    expect(await rights(second)).toEqual(before);

    // Confirmed: the old one is refused, except for connections that are open.
    stack.up({ generation: 2, overlap: true, confirmed: 2 });
    expect(await refused(first)).toEqual(notPermitted(first));
    expect(await rights(second)).toEqual(before);
    expect((await connected.query("select count(*) from tenant_empresa_1.payroll")).rowCount).toBe(
      1,
    );
    await connected.end();

    // From now on the two members take turns.
    stack.up({ generation: 3, overlap: true, confirmed: 2 });
    const third = await stack.logins();
    expect(third.map(({ user }) => user)).toEqual(first.map(({ user }) => `${user}_a`));
    expect(await rights(second)).toEqual(before);
    expect(await rights(third)).toEqual(before);
    stack.up({ generation: 3, overlap: true, confirmed: 3 });
    expect(await refused(second)).toEqual(notPermitted(second));
    expect(await rights(third)).toEqual(before);

    // The next generation has the name of the login that was closed, and another password.
    stack.up({ generation: 4, overlap: true, confirmed: 3 });
    const fourth = await stack.logins();
    expect(fourth.map(({ user }) => user)).toEqual(second.map(({ user }) => user));
    expect(await refused(second)).toEqual(wrong(second));
    expect(await rights(third)).toEqual(before);
    expect(await rights(fourth)).toEqual(before);

    // What would lock applications out is refused, and nothing happens.
    for (const [rotation, reason] of [
      [{ generation: 6, overlap: true, confirmed: 3 }, "more than two passwords"],
      [{ generation: 5, overlap: true, confirmed: 5 }, "before that generation was there"],
      [{ generation: 4, overlap: true }, "cannot go back from 3 to none"],
      [{ generation: 4 }, "raise generation to 5"],
    ] as const) {
      stack.declare(rotation);
      const { code, stderr } = stack.run("up", "--yes");
      expect(code).toBe(1);
      expect(stderr.replaceAll(/\s+/g, " ")).toContain(reason);
    }
    expect(await rights(third)).toEqual(before);
    expect(await rights(fourth)).toEqual(before);

    // Without overlap it is the role itself again, with a new password.
    stack.up({ generation: 5 });
    const fifth = await stack.logins();
    expect(fifth.map(({ user }) => user)).toEqual(first.map(({ user }) => user));
    expect(await rights(fifth)).toEqual(before);
    stack.refresh();
    expect(await refused(first)).toEqual(wrong(first));
    for (const gone of [third, fourth])
      for (const message of await refused(gone))
        expect(message).toContain("pg_hba.conf rejects connection");

    // Each of these changes is in the audit log, and nothing else.
    expect(stack.logged()).toEqual([
      "postgres: login.created  => 1",
      "postgres: login.rotated 1 => 2 _b",
      "postgres: login.confirmed 2 _b => 2 _b 2",
      "postgres: login.rotated 2 _b 2 => 3 _a 2",
      "postgres: login.confirmed 3 _a 2 => 3 _a 3",
      "postgres: login.rotated 3 _a 3 => 4 _b 3",
      "postgres: login.rotated 4 _b 3 => 5",
    ]);
  },
);

test("a password changed at once: the old one is refused", { timeout: TIMEOUT }, async () => {
  const stack = await rotated("local");
  stack.up({ generation: 1 });
  const admin = (): Login => ({
    user: "postgres",
    password: readFileSync(stack.adminFile, "utf8").trim(),
  });
  const old = [...(await stack.logins()), admin()];
  for (const login of old) expect(await stack.refused(login)).toContain("is let in");

  writeFileSync(stack.adminFile, "another password\n");
  stack.up({ generation: 2 });
  for (const login of [...(await stack.logins()), admin()])
    expect(await stack.refused(login)).toContain("is let in");
  for (const login of old)
    expect(await stack.refused(login)).toBe(
      `password authentication failed for user "${login.user}"`,
    );
  expect(stack.logged()).toEqual([
    "postgres: login.created  => 1",
    "postgres: login.rotated 1 => 2",
  ]);
});
