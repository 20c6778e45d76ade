import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Attack, Query, Scene } from "./scene.ts";

const OWN = "select names from employees";
const work = (query: Query) => query(OWN);

/** What the attacker reads counts, even when the request is taken back later. */
const attack = ({ side, attacker, see }: Scene, statements: readonly string[]): Promise<void> =>
  side.request(attacker, async (query) => {
    for (const statement of statements) see(await query(statement));
  });

/** What one request leaves behind, and what the next one finds. */
const leaveAndFind =
  (leave: string, find: string): Attack =>
  async (scene) => {
    await scene.side.request(scene.victim, (query) => query(leave));
    await attack(scene, [find]);
  };

const theirs = ({ victim }: Scene): string => `select names from tenant_${victim}.employees`;

/** The lines of docs/isolation.md, by their first column. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  "a query while another tenant's request runs": ({ side, attacker, victim, elsewhere }) =>
    side.request(attacker, async (query) => {
      await query("select 1");
      const other = elsewhere(() => side.request(victim, (theirs) => theirs("select 1")));
      // Behind a pooler with one connection it has to wait for the scope's end.
      await Promise.race([other, pause(100)]);
      return await work(query);
    }),
  "a query that forgot its tenant, after another one's request": async (scene) => {
    await scene.side.request(scene.victim, work);
    return await scene.side.forgetful(OWN);
  },
  "a query that forgot its tenant, after another one's request that failed": async (scene) => {
    const failing = scene.side.request(scene.victim, (query) => query("select 1 / 0"));
    await failing.catch(() => undefined);
    return await scene.side.forgetful(OWN);
  },
  "a tenant that is not there, and a table of that name in public": ({ side }) =>
    side.request("nobody", work),
  "a tenant that is suspended": ({ side, shut }) => side.request(shut, work),
  "a query of a request that has ended": async ({ side, attacker, victim }) => {
    const kept = await side.request(attacker, (query) => Promise.resolve(query));
    await side.request(victim, work);
    return await work(kept);
  },
  "another tenant's request inside of one": ({ side, attacker, victim }) =>
    side.request(attacker, () => side.request(victim, work)),
  "a cursor that another tenant left open": leaveAndFind(
    `declare peek cursor with hold for ${OWN}`,
    "fetch all from peek",
  ),
  "a temporary table that hides the tenant's own": leaveAndFind(
    "create temporary table employees as table employees",
    OWN,
  ),
  "a prepared statement that another tenant left": async (scene) => {
    const prepare = `prepare peek as select '${scene.canary}'`;
    await scene.side.request(scene.victim, (query) => query(prepare));
    await attack(scene, ["select statement from pg_prepared_statements"]);
  },
  "the last value of another tenant's sequence": async (scene) => {
    await scene.side.request(scene.victim, (query) => query("select nextval('employees_id_seq')"));
    const { rows } = await scene.admin.query<{ value: string }>(
      `select last_value as value from tenant_${scene.victim}.employees_id_seq`,
    );
    await scene.side.request(scene.attacker, async (query) => {
      const [last] = await query("select lastval() as value");
      if (last?.value === rows[0]?.value) scene.see(scene.canary);
    });
  },
  "a setting that another tenant left": async (scene) => {
    const set = `select set_config('application_name', '${scene.canary}', false)`;
    await scene.side.request(scene.victim, (query) => query(set));
    await attack(scene, ["show application_name"]);
  },
  "a channel that another tenant listens to": async (scene) => {
    await scene.side.request(scene.victim, (query) => query(`listen "${scene.canary}"`));
    await attack(scene, ["select pg_listening_channels()"]);
  },
  "a lock that another tenant left": async (scene) => {
    await scene.side.request(scene.victim, (query) => query("select pg_advisory_lock(4711)"));
    await scene.side.request(scene.attacker, async (query) => {
      const held = await query("select from pg_locks where locktype = 'advisory' and objid = 4711");
      if (held.length > 0) scene.see(scene.canary);
    });
  },

  "SQL in the tenant's id": ({ side, attacker, victim }) =>
    side.request(`${attacker}; set search_path to tenant_${victim}; --`, work),
  "a second schema in the tenant's id": ({ side, victim }) =>
    side.request(`nobody, tenant_${victim}`, work),
  "a second statement in a pasted text": (scene) =>
    attack(scene, [`${OWN} where names = ''; ${theirs(scene)}; --'`]),
  "the end of the transaction in a pasted text": (scene) =>
    attack(scene, ["commit", `set search_path to tenant_${scene.victim}`, OWN]),

  "a name with another tenant's schema": (scene) => attack(scene, [theirs(scene)]),
  "a search_path that a statement sets": (scene) =>
    attack(scene, [`set search_path to tenant_${scene.victim}`, OWN]),
  "a row written under another tenant's schema": async (scene) => {
    const { victim, admin, canary } = scene;
    const mark = randomUUID();
    const update = `update tenant_${victim}.employees set email = '${mark}'`;
    const failure = await attack(scene, [update]).catch((error: unknown) => ({ error }));
    const { rows } = await admin.query(
      `select from tenant_${victim}.employees where email = '${mark}'`,
    );
    if (rows.length > 0) scene.see(canary);
    else if (failure !== undefined) throw failure.error;
  },
  "another tenant's large object": async (scene) => {
    const make = `select lo_from_bytea(0, convert_to('${scene.canary}', 'UTF8')) as object`;
    const [made] = await scene.side.request(scene.victim, (query) => query(make));
    const read = `select convert_from(lo_get(${String(made?.object)}), 'UTF8')`;
    await attack(scene, [read]);
  },
  "another tenant's values in pg_stats": (scene) =>
    attack(scene, [
      `select most_common_vals::text from pg_stats where schemaname = 'tenant_${scene.victim}'`,
    ]),
  "another session's statement in pg_stat_activity": async (scene) => {
    await scene.neighbour.query(`select '${scene.canary}'`);
    await attack(scene, [
      // Its own text holds no canary.
      "select query from pg_stat_activity where pid <> pg_backend_pid()",
    ]);
  },
  "the role of another tenant": (scene) =>
    attack(scene, [`set local role tenant_${scene.victim}`, theirs(scene)]),
  "RESET ROLE, and a name with another tenant's schema": (scene) =>
    attack(scene, ["reset role", theirs(scene)]),
  "the owner's role": (scene) => attack(scene, [`set local role ${scene.owner}`, theirs(scene)]),
  "the shared parent of the partitions": (scene) =>
    attack(scene, ["select topic from shared.conversations"]),
  "the DEFAULT partition, where rows wait for their tenant": async (scene) => {
    await scene.admin.query(
      "insert into shared.conversations (tenant_id, topic) values ('later', $1)",
      [scene.canary],
    );
    await attack(scene, ["select topic from shared.conversations_default"]);
  },
  "the registry in the books": (scene) => attack(scene, ["select company from tenantry.registry"]),
  "the companies in central.tenants": (scene) =>
    attack(scene, ["select company_name from central.tenants"]),
  "the users in central.users": (scene) => attack(scene, ["select email from central.users"]),
  "the ids of all tenants in pg_namespace": (scene) =>
    scene.side.request(scene.attacker, async (query) => {
      const found = await query(
        `select from pg_namespace where nspname = 'tenant_${scene.victim}'`,
      );
      if (found.length > 0) scene.see(scene.canary);
    }),
};
