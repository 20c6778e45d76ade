import { setTimeout as sleep } from "node:timers/promises";
import { asAdministrator } from "../src/cli/administrator.ts";
import type { FleetContext } from "../src/fleet/context.ts";
import { cleanUp } from "../src/fleet/partitions/clean-up.ts";
import { provisionTenant } from "../src/fleet/provision-tenant.ts";
import { timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { connectBare } from "./record-statements.ts";
import type { ScratchStack } from "./scratch-stack.ts";

const ORPHANS = 1_000_000;
/** Of another tenant, half reading and half writing. */
const REQUESTS_PER_SECOND = 50;
const QUIET_SECONDS = 20;
const [LATE, OTHER] = ["bench_late", "bench_other"];

/**
 * A cleanup of a million orphans, and what another tenant's requests take meanwhile, against the same requests before
 * and after.
 */
export async function benchCleanup({ root }: ScratchStack): Promise<Figure[]> {
  return await asAdministrator({ stack: "dev", root }, async (context) => {
    const spec = { company: "Bench", state: "active", isolation: "shared" } as const;
    for (const id of [LATE, OTHER]) await provisionTenant(context, { id, ...spec });
    await context.pool.query(`drop table tenant_${LATE}.conversations`);
    await context.pool.query(
      `insert into shared.conversations (tenant_id, topic) select $1, 'topic ' || n from generate_series(1, $2::int) n`,
      [LATE, ORPHANS],
    );
    await context.pool.query("checkpoint");
    const quiet = () => requestsDuring(context, () => sleep(QUIET_SECONDS * 1000));
    const before = await quiet();
    let cleanup = 0;
    const during = p99(
      await requestsDuring(context, async () => {
        cleanup = await timed(() => cleanUp({ ...context, placement: "tenants" }));
      }),
    );
    // A disk has better and worse minutes.
    const otherwise = p99([...before, ...(await quiet())]);
    const against = `the same before and after, ${REQUESTS_PER_SECOND} a second`;
    return [
      { name: "cleanup of 1,000,000 orphans", seconds: cleanup },
      { name: "request of another tenant, p99, before and after", seconds: otherwise },
      {
        name: "request of another tenant, p99, meanwhile",
        seconds: during,
        against,
        ratio: during / otherwise,
        limit: 2,
      },
    ];
  });
}

/** How long each request took, from when it was due: one that has to wait for the one before took longer. */
async function requestsDuring(
  context: FleetContext,
  work: () => Promise<unknown>,
): Promise<number[]> {
  const clients = await Promise.all([1, 2, 3, 4].map(() => connectBare(context)));
  const taken: number[] = [];
  const running: Promise<void>[] = [];
  let isDone = false;
  const request = async (number: number): Promise<void> => {
    const client = clients[number % clients.length];
    const seconds = await timed(() =>
      number % 2 === 0
        ? client?.query("insert into shared.conversations (tenant_id, topic) values ($1, 'x')", [
            OTHER,
          ])
        : client?.query(
            `select topic from shared.conversations where tenant_id = '${OTHER}' limit 10`,
          ),
    );
    taken.push(seconds);
  };
  const load = async (): Promise<void> => {
    const started = performance.now();
    for (let number = 0; !isDone; number += 1) {
      const due = started + (number * 1000) / REQUESTS_PER_SECOND;
      await sleep(Math.max(0, due - performance.now()));
      running.push(request(number));
    }
  };
  const loading = load();
  await work();
  isDone = true;
  await loading;
  await Promise.all(running);
  await Promise.all(clients.map((client) => client.end()));
  return taken;
}

const p99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
