import { randomBytes } from "node:crypto";
import { TenantryError } from "../core/errors.ts";
import { NO_DIFFERENCE, someDifference } from "../protocol/diff-answer.ts";
import type { DiffAnswer } from "../protocol/diff-answer.ts";
import type { Properties } from "../protocol/values.ts";
import { aliasUrns } from "./aliases.ts";
import { acceptChecked } from "./check-failures.ts";
import { dependentReplacements } from "./dependents.ts";
import { applyReplaceOnChanges, componentDiff, resolveUnknownDiff } from "./diff.ts";
import type { Goal } from "./goal.ts";
import { nextState } from "./next-state.ts";
import type { Plan } from "./plan.ts";
import { ignoreChanges } from "./property-path.ts";
import { planProvider } from "./provider-resource.ts";
import { asOld } from "./provider.ts";
import type { Provider } from "./provider.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";
import { createUrn, isProviderType, parseProviderReference } from "./urn.ts";

const SEED_BYTES = 32;

/** Decides, one registration after the other, what has to happen. Asks plugins, changes nothing. */
export class StepGenerator {
  readonly #run: Run;
  readonly #seen = new Set<string>();
  /** Old URN -> the new one that claimed it by an alias, and back. */
  readonly #claimed = new Map<string, string>();
  readonly #formerUrn = new Map<string, string>();
  readonly #replaced = new Set<string>();
  /** Deleted as dependents of a replacement; they come back when they are registered. */
  readonly #deleted = new Set<string>();
  /** Provider resources of this run. */
  readonly #providers = new Map<string, Resource>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** Whether the program declared what stands in the old state under this URN. */
  isRegistered(urn: string): boolean {
    return this.#seen.has(urn) || this.#claimed.has(urn);
  }

  urnOf({ parent, type, name }: Goal): string {
    const { stack, project } = this.#run;
    return createUrn({ stack, project: project.name, parent, type, name });
  }

  /** The URN of a goal that may be registered. @throws TNT-318 */
  #claimUrn(goal: Goal): string {
    const { parent } = goal;
    const urn = this.urnOf(goal);
    if (parent !== undefined && !this.#seen.has(parent))
      throw refusal(urn, `its parent ${parent} was not declared before it`);
    if (this.#seen.has(urn))
      throw refusal(urn, "another resource of the same type, parent and name is declared already");
    const claimant = this.#claimed.get(urn);
    if (claimant !== undefined) throw refusal(urn, `${claimant} names it as an alias`);
    this.#seen.add(urn);
    return urn;
  }

  /** @throws TNT-308, TNT-315, TNT-318, TNT-319, and what plugins answer */
  async plan(goal: Goal): Promise<Plan> {
    const urn = this.#claimUrn(goal);
    const old = this.#findOld(goal, urn);
    const next = nextState(goal, urn, this.#run.recorder.newSlot(), old);
    if (goal.custom && isProviderType(goal.type)) {
      const plan = await planProvider(this.#run, next, old);
      this.#providers.set(urn, plan.next);
      return plan;
    }
    const inputs = old ? ignoreChanges(goal.inputs, old.inputs, goal.ignoreChanges) : goal.inputs;
    if (goal.provider === undefined) return planComponent({ ...next, inputs }, old);
    const provider = await this.#run.providers.get(goal.provider);
    return await this.#planCustom(goal, { ...next, inputs }, old, provider);
  }

  async #planCustom(
    goal: Goal,
    next: Resource,
    old: Resource | undefined,
    provider: Provider,
  ): Promise<Plan> {
    const { urn } = next;
    const seed = randomBytes(SEED_BYTES);
    const checked = async (olds: Properties, news: Properties): Promise<Resource> => ({
      ...next,
      inputs: acceptChecked(urn, await provider.check(urn, olds, news, seed)),
    });
    if (!old) return { kind: "create", next: await checked({}, goal.inputs), provider };
    if (this.#deleted.delete(urn)) {
      this.#replaced.add(urn);
      const change = { next: await checked({}, goal.inputs), old, diff: someDifference() };
      return { kind: "replace", ...change, provider, deletions: [], createFirst: false };
    }
    const wanted = await checked(old.inputs, next.inputs);
    const diff = await this.#diff(goal, wanted, old, provider);
    if (old.pendingReplacement || (diff.changes === "some" && diff.replaces.length > 0)) {
      if (next.protect && old.protect) {
        this.#run.events.stepStarted({ op: "replace", old, next, diff });
        throw new TenantryError("TNT-315", { urns: [urn], doing: "replace" });
      }
      this.#replaced.add(urn);
      // What was carried over from the old resource does not hold for a new one.
      const change = { next: await checked({}, goal.inputs), old, diff, provider };
      const deletesFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
      const deletions = deletesFirst ? await this.#deletionsBefore(old) : [];
      const createFirst = !deletesFirst && !old.pendingReplacement;
      return { kind: "replace", ...change, deletions, createFirst };
    }
    const isIncomplete = (old.initErrors ?? []).length > 0;
    const kind = diff.changes === "some" || isIncomplete ? "update" : "same";
    return { kind, next: { ...wanted, slot: old.slot }, old, diff, provider };
  }

  /** The dependents of a resource, the last first, and then itself. @throws TNT-315 */
  async #deletionsBefore(root: Resource): Promise<Resource[]> {
    const { old, providers } = this.#run;
    const candidates = old.remaining.filter((resource) => !this.isRegistered(resource.urn));
    const dependents = await dependentReplacements(root, candidates, providers);
    const guarded = dependents.filter((resource) => resource.protect).map(({ urn }) => urn);
    if (guarded.length > 0) throw new TenantryError("TNT-315", { urns: guarded, doing: "replace" });
    for (const { urn } of dependents) this.#deleted.add(urn);
    return [...dependents.reverse(), root].filter((resource) => !resource.pendingReplacement);
  }

  async #diff(goal: Goal, next: Resource, old: Resource, provider: Provider): Promise<DiffAnswer> {
    const { deletedWith, inputs: news } = next;
    if (deletedWith !== undefined && this.#replaced.has(deletedWith))
      return someDifference(["deletedWith"]);
    if (await this.#needsOtherProvider(goal, old)) return someDifference(["provider"]);
    const ignored = goal.ignoreChanges;
    const answer = await provider.diff(next.urn, asOld(old), news, ignored);
    const diff = resolveUnknownDiff(answer, { olds: old.inputs, news, ignored });
    return applyReplaceOnChanges(diff, goal.replaceOnChanges, (old.initErrors ?? []).length > 0);
  }

  /** Whether another provider serves the resource now, so different that the resource must be replaced. */
  async #needsOtherProvider({ provider }: Goal, old: Resource): Promise<boolean> {
    if (provider === old.provider) return false;
    if (provider === undefined || old.provider === undefined) return true;
    const before = parseProviderReference(old.provider).urn;
    const after = parseProviderReference(provider).urn;
    if (this.#claimed.get(before) === after) return false;
    const oldProvider = this.#run.old.find(before);
    const newProvider = this.#providers.get(after);
    if (!oldProvider || !newProvider) return true;
    const plugin = await this.#run.providers.get(provider);
    const diff = await plugin.diffConfig(after, oldProvider, newProvider.inputs);
    return (diff ?? NO_DIFFERENCE).replaces.length > 0;
  }

  /** The resource in the old state, under its own URN or an alias. @throws TNT-318 */
  #findOld(goal: Goal, urn: string): Resource | undefined {
    const { old, providers, stack, project } = this.#run;
    const own = old.find(urn);
    if (own) return own;
    const context = { stack, project: project.name, formerUrn: this.#formerUrn };
    const alias = aliasUrns(goal, context).find((former) => old.find(former) !== undefined);
    if (alias === undefined) return undefined;
    const claimant = this.#seen.has(alias) ? alias : this.#claimed.get(alias);
    if (claimant !== undefined)
      throw refusal(urn, `its alias ${alias} belongs to ${claimant}, which is declared too`);
    this.#claimed.set(alias, urn);
    this.#formerUrn.set(urn, alias);
    providers.rename(alias, urn);
    return old.find(alias);
  }
}

function planComponent(next: Resource, old: Resource | undefined): Plan {
  if (!old) return { kind: "create", next };
  const diff = componentDiff(old.inputs, next.inputs);
  const kind = diff.changes === "some" ? "update" : "same";
  return { kind, next: { ...next, slot: old.slot }, old, diff };
}

function refusal(urn: string, reason: string): TenantryError {
  return new TenantryError("TNT-318", { urn, reason });
}
