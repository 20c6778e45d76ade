import type pg from "pg";
import { asAdministrator } from "../src/cli/administrator.ts";
import { provisionTenant } from "../src/fleet/provision-tenant.ts";
import { timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { connectBare, recordStatements, replayed } from "./record-statements.ts";
import type { Sent } from "./record-statements.ts";
import type { ScratchStack } from "./scratch-stack.ts";

/** Tenants made each way. */
const TENANTS = 20;
/** Tenants made before measuring, so that both ways find warm caches. */
const WARM_UP = 3;

/** A word that occurs nowhere else in what is sent. */
const id = (way: string, number: number): string => `bench_${way}_${number}`;

/** Creating a tenant, against the same statements sent one by one by bare `pg`. */
export async function benchTenantSql({ root }: ScratchStack): Promise<Figure[]> {
  return await asAdministrator({ stack: "dev", root }, async (context) => {
    const sent = await recordStatements(context, (recorded) =>
      provisionTenant(recorded, specOf(id("template", 0))),
    );
    const ours: number[] = [];
    const bare: number[] = [];
    const plain = await connectBare(context);
    // Taking turns gives both the same catalog size and the same neighbours.
    for (let number = 0; number < WARM_UP + TENANTS; number += 1) {
      ours.push(await timed(() => provisionTenant(context, specOf(id("ours", number)))));
      bare.push(await timed(() => replay(plain, sent, id("bare", number))));
    }
    await plain.end();
    const [own, reference] = [mean(ours), mean(bare)];
    return [
      { name: "SQL of one tenant by bare pg", seconds: reference },
      {
        name: "creating one tenant",
        seconds: own,
        against: "the same by bare pg",
        ratio: own / reference,
        limit: 1.5,
      },
    ];
  });
}

const specOf = (tenant: string) =>
  ({ id: tenant, company: tenant, state: "active", isolation: "shared" }) as const;

const mean = (values: readonly number[]): number => {
  const measured = values.slice(WARM_UP);
  return measured.reduce((sum, value) => sum + value, 0) / measured.length;
};

async function replay(client: pg.Client, sent: readonly Sent[], tenant: string): Promise<void> {
  for (const { text, values } of replayed(sent, id("template", 0), tenant))
    await client.query(text, values);
}
