import { benchIds, withScratchStack } from "../scratch-stack.ts";
import { costOf } from "./cost.ts";
import { cheapest } from "./fleet-costs.ts";
import type { FleetCosts } from "./fleet-costs.ts";

/**
 * A fleet kept by this project, on one of its engines: from a server with one tenant. As in the other ways nothing is
 * planned first; an `up` that plans takes as long as the preview more.
 */
export async function byTenantry(tenants: number, engine: "local" | "pulumi"): Promise<FleetCosts> {
  const costs = await withScratchStack(tenants, async ({ setTenants, start }) => {
    const run = (...args: string[]) => costOf(start(...args, "--engine", engine));
    const up = () => run("up", "--yes", "--skip-preview");
    const ids = benchIds(tenants);
    setTenants(ids.slice(0, 1));
    await up();
    setTenants(ids);
    const bulk = await up();
    return {
      bulk,
      nothing: await cheapest(up),
      preview: await cheapest(() => run("preview")),
      "one more": await cheapest((time) => {
        ids.push(`bench_more_${time}`);
        setTenants(ids);
        return up();
      }),
      "one less": await cheapest(() => {
        ids.pop();
        setTenants(ids);
        return up();
      }),
    };
  });
  return { way: engine === "local" ? "tenantry" : "tenantry on the Pulumi CLI", costs };
}
