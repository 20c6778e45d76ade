import { asAdministrator } from "../src/cli/administrator.ts";
import { maintenanceStatement, workersFor, workName } from "../src/core/maintenance.ts";
import type { MaintenanceWork } from "../src/core/maintenance.ts";
import { atOnce } from "../src/fleet/at-once.ts";
import type { FleetContext } from "../src/fleet/context.ts";
import { maintainFleet } from "../src/fleet/maintenance/maintain-fleet.ts";
import { timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { connectBare } from "./record-statements.ts";
import type { ScratchStack } from "./scratch-stack.ts";

const WORKS: readonly MaintenanceWork[] = [
  { does: "vacuum", full: false, analyze: true },
  { does: "analyze" },
];

/** Maintenance of a whole fleet, against the same statements by bare `pg` over as many connections. */
export async function benchMaintenance({ root }: ScratchStack): Promise<Figure[]> {
  return await asAdministrator({ stack: "dev", root }, async (context) => {
    const tables = await tenantTables(context);
    const figures: Figure[] = [];
    for (const work of WORKS) {
      // The first time there is more to do than afterwards.
      await bareWork(context, work, tables);
      const bare = await timed(() => bareWork(context, work, tables));
      const ours = await timed(() => maintainFleet(context, work));
      const against = `the same ${tables.length} statements by bare pg`;
      figures.push(
        { name: `${workName(work)}, bare pg`, seconds: bare },
        { name: `${workName(work)} --all`, seconds: ours, against, ratio: ours / bare },
      );
    }
    return figures;
  });
}

async function tenantTables({ pool }: FleetContext): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select c.oid::regclass::text as name from pg_class c join tenantry.registry r on r.schema_oid = c.relnamespace where c.relkind = 'r' order by 1",
  );
  return rows.map(({ name }) => name);
}

async function bareWork(
  context: FleetContext,
  work: MaintenanceWork,
  tables: readonly string[],
): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: workersFor(work) }, () => connectBare(context)),
  );
  const idle = [...clients];
  await atOnce(tables, clients.length, async (table) => {
    const client = idle.pop();
    if (client === undefined) throw new Error("more at once than connections");
    await client.query(maintenanceStatement(work, table));
    idle.push(client);
  });
  await Promise.all(clients.map((client) => client.end()));
}
