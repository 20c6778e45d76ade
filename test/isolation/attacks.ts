import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { findTarget } from "./scene.ts";
import type { Attack, Query, Scene } from "./scene.ts";

const OWN = "select topic from conversations";
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

const theirs = (scene: Scene): string => `select topic from ${scene.theirs}`;

/**
 * Lets the attacker change what is the victim's: a row there, or one of its own that is to become the victim's. Whether
 * it came to that is looked for by a mark.
 */
async function damage(
  scene: Scene,
  statement: (mark: string, ids: { readonly theirs: string; readonly own: string }) => string,
): Promise<void> {
  const { admin, attacker, victim, canary, see } = scene;
  const mark = randomUUID();
  const ids = { theirs: randomUUID(), own: randomUUID() };
  await admin.query(
    "insert into shared.conversations (id, tenant_id, topic) values ($1, $2, 'x'), ($3, $4, 'x')",
    [ids.theirs, victim, ids.own, attacker],
  );
  const failure = await attack(scene, [statement(mark, ids)]).catch((error: unknown) => ({
    error,
  }));
  const { rowCount } = await admin.query(`delete from ${scene.theirs} where topic = $1`, [mark]);
  await admin.query("delete from shared.conversations where id in ($1, $2)", [ids.theirs, ids.own]);
  if (rowCount !== 0) see(canary);
  else if (failure !== undefined) throw failure.error;
}

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
  "a tenant that is suspended": async (scene) => {
    await findTarget(scene, `select from tenantry.registry where id = '${scene.shut}'`);
    return await scene.side.request(scene.shut, work);
  },
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
    "create temporary table conversations as table conversations",
    OWN,
  ),
  "a prepared statement that another tenant left": async (scene) => {
    const prepare = `prepare peek as select '${scene.canary}'`;
    await scene.side.request(scene.victim, (query) => query(prepare));
    await attack(scene, ["select statement from pg_prepared_statements"]);
  },
  "the last value of another tenant's sequence": async (scene) => {
    await findTarget(
      scene,
      "select from pg_sequences where schemaname in ('shared', 'partitions') or starts_with(schemaname, 'tenant_')",
    );
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
    attack(scene, [`${OWN} where topic = ''; ${theirs(scene)}; --'`]),
  "the end of the transaction in a pasted text": (scene) =>
    attack(scene, ["commit", theirs(scene)]),

  "another tenant's table by its full name": (scene) => attack(scene, [theirs(scene)]),
  "a search_path that a statement sets": (scene) =>
    attack(scene, [
      `set search_path to ${scene.theirs.replace(/\..*/, "")}`,
      `select topic from ${scene.theirs.replace(/.*\./, "")}`,
    ]),
  "another tenant's value in app.current_tenant, and the shared table": (scene) =>
    attack(scene, [
      `select set_config('app.current_tenant', '${scene.victim}', true)`,
      "select topic from shared.conversations",
    ]),
  "row_security = off, and the shared table": (scene) =>
    attack(scene, ["set local row_security = off", "select topic from shared.conversations"]),
  "a row changed in another tenant's table": (scene) =>
    damage(
      scene,
      (mark, ids) => `update ${scene.theirs} set topic = '${mark}' where id = '${ids.theirs}'`,
    ),
  "a row written with another tenant's key": (scene) =>
    damage(
      scene,
      (mark) =>
        `insert into ${scene.table} (tenant_id, topic) values ('${scene.victim}', '${mark}')`,
    ),
  "a row of one's own given to another tenant": (scene) =>
    damage(
      scene,
      (mark, ids) =>
        `update ${scene.table} set tenant_id = '${scene.victim}', topic = '${mark}' where id = '${ids.own}'`,
    ),
  "another tenant's row overwritten by ON CONFLICT": (scene) =>
    damage(
      scene,
      (mark, ids) => `insert into ${scene.table} (id, tenant_id, topic)
        values ('${ids.theirs}', '${scene.victim}', '${mark}')
        on conflict (id, tenant_id) do update set topic = excluded.topic`,
    ),
  "another tenant's large object": async (scene) => {
    const make = `select lo_from_bytea(0, convert_to('${scene.canary}', 'UTF8')) as object`;
    const [made] = await scene.side.request(scene.victim, (query) => query(make));
    const read = `select convert_from(lo_get(${String(made?.object)}), 'UTF8')`;
    await attack(scene, [read]);
  },
  "another tenant's values in pg_stats": (scene) =>
    attack(scene, [
      `select most_common_vals::text from pg_stats
         where format('%I.%I', schemaname, tablename) = '${scene.theirs}'`,
    ]),
  "another session's statement in pg_stat_activity": async (scene) => {
    await scene.neighbour.query(`select '${scene.canary}'`);
    await attack(scene, [
      // Its own text holds no canary.
      "select query from pg_stat_activity where pid <> pg_backend_pid()",
    ]);
  },
  "the role of another tenant": async (scene) => {
    await findTarget(scene, `select from pg_roles where rolname = 'tenant_${scene.victim}'`);
    await attack(scene, [`set local role tenant_${scene.victim}`, theirs(scene)]);
  },
  "RESET ROLE, and another tenant's table by its full name": (scene) =>
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
  "the registry in the books": async (scene) => {
    await findTarget(scene, "select from tenantry.registry");
    await attack(scene, ["select company from tenantry.registry"]);
  },
  "the companies in central.tenants": async (scene) => {
    await findTarget(scene, "select from central.tenants");
    await attack(scene, ["select company_name from central.tenants"]);
  },
  "the users in central.users": async (scene) => {
    await findTarget(scene, "select from central.users");
    await attack(scene, ["select email from central.users"]);
  },
  "the ids of all tenants in the catalog": (scene) =>
    scene.side.request(scene.attacker, async (query) => {
      const found = await query(
        `select from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where format('%I.%I', n.nspname, c.relname) = '${scene.theirs}'`,
      );
      if (found.length > 0) scene.see(scene.canary);
    }),
};
