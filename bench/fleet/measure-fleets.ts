import { whyNoPulumi } from "../../test/support/pulumi-cli.ts";
import { officialPlugin } from "../../test/support/postgresql-plugin.ts";
import { byBarePg } from "./by-bare-pg.ts";
import { byPlainPostgresql } from "./by-plain-postgresql.ts";
import { byTenantry } from "./by-tenantry.ts";
import type { FleetCosts } from "./fleet-costs.ts";

/** Beyond this, five resources a tenant take hours one after the other. */
const MOST_PLAIN_TENANTS = 1000;

/** A fleet of one size, kept in every way that this machine has. */
export interface MeasuredFleet {
  readonly tenants: number;
  readonly ways: readonly FleetCosts[];
}

/**
 * Measures fleets: made at once, one tenant more, one less, nothing to do, and a preview.
 *
 * @param say told what is measured, and what is not and why
 */
export async function measureFleets(
  sizes: readonly number[],
  say: (line: string) => void,
): Promise<MeasuredFleet[]> {
  const cli = whyNoPulumi();
  if (cli !== undefined) say(`${cli}: it is not measured`);
  const plugin = officialPlugin();
  if (plugin === undefined) say("THE OFFICIAL POSTGRESQL PLUGIN IS NOT ON $PATH: not measured");
  const fleets: MeasuredFleet[] = [];
  for (const tenants of sizes) {
    const ways: FleetCosts[] = [];
    const measure = async (way: string, work: () => Promise<FleetCosts[]>): Promise<void> => {
      say(`${tenants} tenants, ${way}`);
      ways.push(...(await work()));
    };
    await measure("bare pg", async () => [await byBarePg(tenants)]);
    await measure("tenantry", async () => [await byTenantry(tenants, "local")]);
    if (cli === undefined && plugin !== undefined) {
      await measure("tenantry on the Pulumi CLI", async () => [
        await byTenantry(tenants, "pulumi"),
      ]);
      if (tenants <= MOST_PLAIN_TENANTS)
        await measure("plain @pulumi/postgresql", () => byPlainPostgresql(tenants));
    }
    fleets.push({ tenants, ways });
  }
  return fleets;
}
