import { TenantryError } from "../core/errors.ts";
import { omit } from "../core/omit.ts";
import { tenantsOf } from "../core/shard-record.ts";
import { atOnce } from "../fleet/at-once.ts";
import { PartialFailure } from "../protocol/plugin-failure.ts";
import type { ResourceHandler } from "../protocol/resource-handler.ts";
import type { Properties } from "../protocol/values.ts";
import { checkShard } from "./check-shard.ts";
import type { Session } from "./session.ts";
import { recordOf, shardDifference, specOf } from "./shard-record.ts";
import { refuseUnretired, ShardWork } from "./shard-work.ts";
import { findTenant } from "./tenant-work.ts";
import type { TenantRun } from "./tenant-work.ts";

/** How many tenants are read at once. */
const WORKERS = 4;

/**
 * The tenants of one shard. What was done is in the outputs, tenant by tenant: those that failed are what the next run
 * finds different. None goes unless it is retired, since a shard's own protection says nothing of its tenants.
 */
export function tenantShardHandler(session: Session): ResourceHandler {
  const own = { session, manager: "shard" } as const;
  return {
    check: ({ news }) => {
      const failures = checkShard(news);
      if (failures.length === 0) declare(session, news);
      return failures;
    },
    diff: ({ olds, news }) => ({ detailedDiff: shardDifference(olds, news) }),
    create: async ({ inputs, preview, signal }) => {
      const id = idOf(inputs);
      return { id, outputs: await converge({ ...own, preview, signal }, id, {}, inputs) };
    },
    update: ({ id, olds, news, preview, signal }) =>
      converge({ ...own, preview, signal }, id, olds, news),
    read: async ({ id, inputs, outputs, signal }) => {
      const ctx = session.fleet(signal);
      const records = new Map<string, Properties>();
      const declared = new Map<string, Properties>();
      await atOnce([...tenantsOf(outputs)], WORKERS, ([tenant, record]) =>
        session.slots.run(async () => {
          const found = await findTenant(ctx, tenant, record);
          if (found === undefined) return;
          const spec = omit(found.spec, "id");
          const { version, key } = found.place;
          declared.set(tenant, spec);
          records.set(tenant, recordOf(tenant, spec, { version, key, ...found.notes }));
        }),
      );
      const tenants = Object.fromEntries(declared);
      return {
        id,
        inputs: { ...inputs, tenants },
        outputs: { ...outputs, tenants: Object.fromEntries(records) },
      };
    },
    delete: async ({ id, olds, signal }) => {
      const work = new ShardWork({ ...own, preview: false, signal }, olds, {});
      await work.remove();
      const { reasons } = work;
      if (reasons.length > 0) throw new TenantryError("TNT-463", { shard: id, reasons });
    },
  };
}

/** An engine's id for a shard. */
const idOf = ({ number }: Properties): string => JSON.stringify(number);

function declare(session: Session, news: Properties): void {
  for (const [id, tenant] of [...tenantsOf({ tenants: news.sources }), ...tenantsOf(news)])
    session.declared.set(id, { manager: "shard", spec: specOf(id, tenant) });
}

async function converge(
  run: TenantRun,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<Properties> {
  const work = new ShardWork(run, olds, news);
  refuseUnretired(work, run);
  await work.converge();
  const { outputs, reasons } = work;
  if (reasons.length === 0) return outputs;
  if (run.preview) throw new TenantryError("TNT-463", { shard: id, reasons });
  throw new PartialFailure({ id, outputs, reasons });
}
