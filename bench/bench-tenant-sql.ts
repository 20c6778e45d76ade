import pg from "pg";
import { asAdministrator } from "../src/cli/administrator.ts";
import type { FleetContext } from "../src/fleet/context.ts";
import { provisionTenant } from "../src/fleet/provision-tenant.ts";
import { timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { ScratchStack } from "./scratch-stack.ts";

/** Tenants made each way. */
const TENANTS = 20;
/** Tenants made before measuring, so that both ways find warm caches. */
const WARM_UP = 3;

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A word that occurs nowhere else in what is sent. */
const id = (way: string, number: number): string => `bench_${way}_${number}`;

/** Creating a tenant, against the same statements sent one by one by bare `pg`. */
export async function benchTenantSql({ root }: ScratchStack): Promise<Figure[]> {
  return await asAdministrator({ stack: "dev", root }, async (context) => {
    const sent = await recordStatements(context, id("template", 0));
    const ours: number[] = [];
    const bare: number[] = [];
    const client = await context.pool.connect();
    const plain = await connectBare(client);
    client.release();
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

async function connectBare(like: pg.PoolClient): Promise<pg.Client> {
  const { host, port, user, password, database } = like as unknown as pg.Client;
  const client = new pg.Client({
    host,
    port,
    ...(user !== undefined && { user }),
    ...(typeof password === "string" && { password }),
    ...(database !== undefined && { database }),
  });
  await client.connect();
  return client;
}

/** What creating a tenant sends, in its order. */
async function recordStatements(context: FleetContext, tenant: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const client = await context.pool.connect();
  const original = client.query.bind(client) as (...args: unknown[]) => unknown;
  const recording = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    if (typeof text === "string")
      sent.push({ text, values: Array.isArray(values) ? (values as unknown[]) : [] });
    return original(text, values, ...rest);
  };
  Object.assign(client, { query: recording });
  const pool = Object.assign(Object.create(context.pool) as pg.Pool, {
    connect: () => Promise.resolve(client),
  });
  const release = client.release.bind(client);
  Object.assign(client, { release: () => undefined });
  await provisionTenant({ ...context, pool }, specOf(tenant));
  Object.assign(client, { query: original });
  release(true);
  return sent;
}

async function replay(client: pg.Client, sent: readonly Sent[], tenant: string): Promise<void> {
  const rename = (value: unknown): unknown =>
    typeof value === "string" ? value.replaceAll(id("template", 0), tenant) : value;
  for (const { text, values } of sent) await client.query(String(rename(text)), values.map(rename));
}
