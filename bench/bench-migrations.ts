import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { asAdministrator } from "../src/cli/administrator.ts";
import { atOnce } from "../src/fleet/at-once.ts";
import type { FleetContext } from "../src/fleet/context.ts";
import { inspectFleet } from "../src/fleet/inspect-fleet.ts";
import { migrateFleet } from "../src/fleet/migrate-fleet.ts";
import { provisionTenant } from "../src/fleet/provision-tenant.ts";
import { readSqlArea } from "../src/fleet/sql-files.ts";
import { median, timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { ScratchStack } from "./scratch-stack.ts";

/** What a fleet has at least: the limit is for a thousand, of which the first one, learning for all, is a small part. */
const LEAST_TENANTS = 1000;
/** As many as `migrateFleet` uses. */
const CONNECTIONS = 4;
const TIMES = 5;

/** One ALTER TABLE over a fleet, against the bare statement over the same connections; and a run with nothing to do. */
export async function benchMigrations({ root }: ScratchStack, tenants: number): Promise<Figure[]> {
  return await asAdministrator({ stack: "dev", root }, (context) => measure(context, tenants));
}

async function measure(context: FleetContext, tenants: number): Promise<Figure[]> {
  const ids = await fleetOf(context, Math.max(tenants, LEAST_TENANTS));
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(context)));
  const ours: number[] = [];
  const bare: number[] = [];
  // Taking turns gives both the same catalog size and the same neighbours.
  for (let time = 0; time < TIMES; time += 1) {
    bare.push(await timed(() => alterEach(clients, ids, `add column bare_${time} text`)));
    // Or each tenant would differ from what it should have.
    await alterEach(clients, ids, `drop column bare_${time}`);
    const number = readSqlArea(context.sqlDirectory, "tenant").length + 1;
    const name = `${String(number).padStart(3, "0")}_bench.sql`;
    writeFileSync(
      join(context.sqlDirectory, "tenant", name),
      alter("employees", `add column ours_${number} text`),
    );
    ours.push(
      await timed(async () => {
        const { migrated } = await migrateFleet(context);
        if (migrated.length < ids.length) throw new Error("Not every tenant was migrated.");
      }),
    );
  }
  await Promise.all(clients.map((client) => client.end()));
  const nothing = await median(5, () => timed(() => migrateFleet(context)));
  const [own, reference] = [middle(ours), middle(bare)];
  const over = `over ${ids.length} tenants`;
  return [
    { name: `ALTER TABLE ${over} by bare pg`, seconds: reference },
    {
      name: `ALTER TABLE ${over} as a migration`,
      seconds: own,
      against: "the same by bare pg",
      ratio: own / reference,
      limit: 2,
    },
    { name: `nothing to migrate ${over}`, seconds: nothing, goal: 0.1 },
  ];
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const alter = (table: string, change: string): string => `alter table ${table} ${change};\n`;

/** The tenants that are there, and as many more as are lacking. */
async function fleetOf(context: FleetContext, size: number): Promise<string[]> {
  const { members } = await inspectFleet(context);
  const more = Array.from(
    { length: Math.max(0, size - members.length) },
    (_, index) => `fleet_${index}`,
  );
  await atOnce(more, CONNECTIONS, async (id) => {
    await provisionTenant(context, { id, company: id, state: "active", isolation: "shared" });
  });
  return [...members.map(({ id }) => id), ...more];
}

async function alterEach(
  clients: readonly pg.Client[],
  ids: readonly string[],
  change: string,
): Promise<void> {
  const queue = ids.values();
  await Promise.all(
    clients.map(async (client) => {
      for (const id of queue) await client.query(alter(`tenant_${id}.employees`, change));
    }),
  );
}

async function connect({ pool }: FleetContext): Promise<pg.Client> {
  const { host, port, user, password, database } = pool.options;
  const client = new pg.Client({ ...{ host, port, user, database }, password: String(password) });
  await client.connect();
  return client;
}
