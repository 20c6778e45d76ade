import { messageOf, TenantryError } from "../core/errors.ts";
import { changedFields, tenantsOf } from "../core/shard-record.ts";
import type { TenantSpec } from "../core/tenant.ts";
import { renameTenant } from "../fleet/rename-tenant.ts";
import { isUnreachable } from "../postgres/connection-error.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { laterClone } from "./check-tenant.ts";
import { recordOf, specOf, textOf } from "./shard-record.ts";
import { changeTenant, leaveTenant, makeTenant } from "./tenant-work.ts";
import type { TenantRun } from "./tenant-work.ts";

/**
 * Brings the tenants of a shard to what is declared, each on its own: one that fails leaves the others done. Nothing is
 * removed unless all others are as declared.
 */
export class ShardWork {
  readonly #run: TenantRun;
  readonly #news: Properties;
  readonly #declared: ReadonlyMap<string, Properties>;
  readonly #sources: ReadonlyMap<string, Properties>;
  readonly #renamed: ReadonlyMap<string, string>;
  readonly #records: Map<string, Properties>;
  readonly #begun = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, string>();
  readonly #left: string[] = [];
  #isUnreachable = false;

  /** @param olds the outputs of the last run @param news what is declared */
  constructor(run: TenantRun, olds: Properties, news: Properties) {
    this.#run = run;
    this.#news = news;
    this.#declared = tenantsOf(news);
    this.#sources = tenantsOf({ tenants: news.sources });
    this.#renamed = new Map(isObject(news.renamed) ? Object.entries(news.renamed as object) : []);
    this.#records = tenantsOf(olds);
  }

  /** What became of the shard. */
  get outputs(): Properties {
    return { ...this.#news, tenants: Object.fromEntries(this.#records) };
  }

  /** Why it is not as declared, a line for each tenant that failed. */
  get reasons(): string[] {
    const left = this.#left.length;
    return [
      ...[...this.#failures].map(([id, message]) => `tenant ${id}: ${message}`),
      ...(left > 0
        ? [`${left} more ${left === 1 ? "tenant was" : "tenants were"} left as before`]
        : []),
    ];
  }

  async converge(): Promise<void> {
    await this.#giveNewIds();
    await Promise.all([...this.#declared.keys()].map((id) => this.#bring(id)));
    if (this.reasons.length === 0) await this.remove();
  }

  /** The tenants that are recorded and neither declared nor renamed. */
  get leaving(): { readonly id: string; readonly state: string | undefined }[] {
    return [...this.#records]
      .filter(([id]) => !this.#declared.has(id) && !this.#renamed.has(id))
      .map(([id, { state }]) => ({ id, state: textOf(state) }));
  }

  async remove(): Promise<void> {
    await Promise.all(
      this.leaving.map(({ id }) =>
        this.#attempt(id, async () => {
          const retention = this.#records.get(id)?.retention;
          const days = typeof retention === "number" ? retention : undefined;
          if (!this.#run.preview) await leaveTenant(this.#run, id, days);
          this.#records.delete(id);
        }),
      ),
    );
  }

  /** Each old id is given up here, whichever shard has the new one: the two may come in any order. */
  async #giveNewIds(): Promise<void> {
    const { session, manager, preview, signal } = this.#run;
    for (const [from, to] of this.#renamed) {
      const record = this.#records.get(from);
      if (record === undefined) continue;
      await this.#attempt(from, async () => {
        if (!preview) await renameTenant(session.fleet(signal, manager), from, to);
        this.#records.delete(from);
        if (this.#declared.has(to)) this.#records.set(to, { ...record, key: record.key ?? from });
      });
    }
  }

  /** Begins with a tenant, unless that was done already. */
  #bring(id: string): Promise<void> {
    const begun = this.#begun.get(id) ?? this.#bringOne(id);
    this.#begun.set(id, begun);
    return begun;
  }

  async #bringOne(id: string): Promise<void> {
    const own = this.#declared.get(id);
    const declared = own ?? this.#sources.get(id);
    const record = this.#records.get(id);
    if (declared === undefined) return;
    if (record && changedFields(record, declared).size === 0) {
      // What means nothing any more is kept as it is declared.
      this.#records.set(id, recordOf(id, declared, factsOf(record)));
      return;
    }
    const spec = specOf(id, declared);
    if (!record && spec.clone) await this.#bring(spec.clone.from);
    await this.#attempt(id, async () => {
      const made = await this.#one(spec, declared, record);
      if (own) this.#records.set(id, recordOf(id, own, made));
    });
  }

  async #one(
    spec: TenantSpec,
    declared: Properties,
    record: Properties | undefined,
  ): Promise<Properties> {
    const from = textOf(declared.renamedFrom);
    if (record === undefined) {
      const { key, version } = await makeTenant(this.#run, spec, from);
      return { key, version };
    }
    const { objects, version: before } = record;
    const problem = laterClone(spec.id, record, declared);
    if (problem !== undefined) throw new Error(problem);
    const old = {
      spec: specOf(spec.id, record),
      key: textOf(record.key) ?? spec.id,
      version: typeof before === "number" ? before : undefined,
    };
    const { key, version } = await changeTenant(this.#run, old, spec, from);
    return { key, version, ...(objects !== undefined && { objects }) };
  }

  get #isOver(): boolean {
    return this.#isUnreachable || this.#run.signal.aborted;
  }

  /** Works on a tenant when a connection is free for it; what no longer can succeed is not begun. */
  #attempt(id: string, work: () => Promise<void>): Promise<void> {
    return this.#run.session.slots.run(async () => {
      if (this.#isOver) {
        this.#left.push(id);
        return;
      }
      try {
        await work();
      } catch (error) {
        this.#isUnreachable ||= isUnreachable(error);
        if (this.#run.signal.aborted) this.#left.push(id);
        else this.#failures.set(id, messageOf(error));
      }
    });
  }
}

const factsOf = ({ version, key, objects }: Properties): Properties => ({
  version,
  key,
  ...(objects !== undefined && { objects }),
});

/** @throws {TenantryError} TNT-462 when a tenant would go that is not retired; nothing was begun then */
export function refuseUnretired({ leaving }: ShardWork, run: TenantRun): void {
  const { configuration, declared } = run.session;
  if (configuration.disposable) return;
  const tenants = leaving.filter(
    ({ id, state }) =>
      state !== "retired" && (declared.get(id)?.manager ?? run.manager) === run.manager,
  );
  if (tenants.length > 0)
    throw new TenantryError("TNT-462", { tenants: tenants.map(({ id }) => id) });
}
