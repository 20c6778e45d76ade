import { asAdministrator } from "../../src/cli/administrator.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../src/fleet/remove-tenant.ts";
import { timed } from "../figure.ts";
import { connectBare, recordStatements, replayed } from "../record-statements.ts";
import type { Sent } from "../record-statements.ts";
import { benchIds, withScratchStack } from "../scratch-stack.ts";
import type { Cost } from "./cost.ts";
import { cheapest } from "./fleet-costs.ts";
import type { FleetCosts } from "./fleet-costs.ts";

/** As many as tenantry uses. */
const CONNECTIONS = 4;
/** A word that occurs nowhere else in what is sent. */
const TEMPLATE = "bench_template";

/** The floor: the statements that tenantry sends, by bare `pg` over as many connections, with nothing around them. */
export async function byBarePg(tenants: number): Promise<FleetCosts> {
  const costs = await withScratchStack(tenants, async ({ root, setTenants, tenantry }) => {
    const ids = benchIds(tenants);
    setTenants(ids.slice(0, 1));
    tenantry("up", "--yes", "--engine", "local");
    return await asAdministrator({ stack: "dev", root }, async (context) => {
      const making = await recordStatements(context, (recorded) =>
        provisionTenant(recorded, {
          id: TEMPLATE,
          company: TEMPLATE,
          state: "active",
          isolation: "shared",
        }),
      );
      const removing = await recordStatements(context, (recorded) =>
        removeTenant(recorded, TEMPLATE),
      );
      const clients = await Promise.all(
        Array.from({ length: CONNECTIONS }, () => connectBare(context)),
      );
      /** The same statements for every tenant, whoever is free taking the next. */
      const send = async (
        statements: readonly Sent[],
        wanted: readonly string[],
      ): Promise<Cost> => {
        const queue = wanted.values();
        const work = clients.map(async (client) => {
          for (const id of queue)
            for (const { text, values } of replayed(statements, TEMPLATE, id))
              await client.query(text, values);
        });
        return { seconds: await timed(() => Promise.all(work)) };
      };
      const bulk = await send(making, ids.slice(1));
      const more = (time: number): string[] => [`bench_more_${time}`];
      const costs = {
        bulk,
        "one more": await cheapest((time) => send(making, more(time))),
        "one less": await cheapest((time) => send(removing, more(time))),
      };
      await Promise.all(clients.map((client) => client.end()));
      return costs;
    });
  });
  return { way: "bare pg", costs };
}
