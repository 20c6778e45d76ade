import { TenantryError } from "../core/errors.ts";
import { NO_DIFFERENCE, someDifference } from "../protocol/diff-answer.ts";
import type { DiffAnswer } from "../protocol/diff-answer.ts";
import { aliasUrns } from "./aliases.ts";
import { dependentReplacements } from "./dependents.ts";
import { applyReplaceOnChanges, componentDiff, resolveUnknownDiff } from "./diff.ts";
import type { Goal } from "./goal.ts";
import { Inquiry } from "./inquiry.ts";
import { nextState } from "./next-state.ts";
import type { Plan } from "./plan.ts";
import { ignoreChanges } from "./property-path.ts";
import { planProvider } from "./provider-resource.ts";
import type { Provider } from "./provider.ts";
import { referencesOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";
import { createUrn, isProviderType, parseProviderReference } from "./urn.ts";

/** Decides, one registration after the other, what has to happen. Asks plugins, changes nothing. */
export class StepGenerator {
  readonly #run: Run;
  readonly #seen = new Set<string>();
  readonly #decided = new Set<string>();
  /** About whom a plugin was asked before the decision. */
  readonly #asked = new Set<string>();
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

  /**
   * Asks about a resource before its turn: decisions wait for each other, questions need not. Nothing is asked while an
   * earlier decision may concern it.
   */
  askAhead(goal: Goal): Inquiry | undefined {
    const { custom, provider, type, parent, aliases } = goal;
    if (!custom || isProviderType(type) || provider === undefined) return undefined;
    const urn = this.urnOf(goal);
    const old = this.#run.old.find(urn);
    // Whether it may be declared, and what it was before, is for the decision to say.
    const isAllowed = parent === undefined || this.#decided.has(parent);
    if (!isAllowed || this.#asked.has(urn) || (!old && aliases.length > 0)) return undefined;
    if (old && this.#mayGoWithAnother(goal, old)) return undefined;
    this.#asked.add(urn);
    const inquiry = this.#inquire(goal, urn, old, provider);
    const ask = async (): Promise<void> => {
      if (this.#run.failures.any) return;
      await (old?.provider === provider ? inquiry.difference(old) : inquiry.inputs());
    };
    // Who decides about it sees its failure.
    this.#run.questions.run(ask).catch(() => undefined);
    return inquiry;
  }

  /** Whether the replacement of another resource takes this one along, or did. */
  #mayGoWithAnother({ deletedWith = "" }: Goal, old: Resource): boolean {
    if (this.#deleted.has(old.urn) || this.#replaced.has(deletedWith)) return true;
    return referencesOf(old).some((urn) => !this.#decided.has(urn));
  }

  #inquire(goal: Goal, urn: string, old: Resource | undefined, reference: string): Inquiry {
    const provider = (): Promise<Provider> => this.#run.providers.get(reference);
    return new Inquiry({ urn, goal, old, provider });
  }

  /** @throws TNT-308, TNT-315, TNT-318, TNT-319, and what plugins answer */
  async plan(goal: Goal, asked?: Inquiry): Promise<Plan> {
    const plan = await this.#decide(goal, asked);
    this.#decided.add(plan.next.urn);
    return plan;
  }

  async #decide(goal: Goal, asked: Inquiry | undefined): Promise<Plan> {
    const urn = this.#claimUrn(goal);
    const old = this.#findOld(goal, urn);
    const next = nextState(goal, urn, this.#run.recorder.newSlot(), old);
    if (goal.custom && isProviderType(goal.type)) {
      const plan = await planProvider(this.#run, next, old);
      this.#providers.set(urn, plan.next);
      return plan;
    }
    if (goal.provider === undefined) return planComponent(goal, next, old);
    const inquiry = asked?.isAbout(old) ? asked : this.#inquire(goal, urn, old, goal.provider);
    const provider = await this.#run.providers.get(goal.provider);
    return await this.#planCustom(goal, next, old, provider, inquiry);
  }

  async #planCustom(
    goal: Goal,
    next: Resource,
    old: Resource | undefined,
    provider: Provider,
    inquiry: Inquiry,
  ): Promise<Plan> {
    const { urn } = next;
    const wanted = async (): Promise<Resource> => ({ ...next, inputs: await inquiry.inputs() });
    const anew = async (): Promise<Resource> => ({ ...next, inputs: await inquiry.inputsAnew() });
    if (!old) return { kind: "create", next: await wanted(), provider };
    if (this.#deleted.delete(urn)) {
      this.#replaced.add(urn);
      const change = { next: await anew(), old, diff: someDifference() };
      return { kind: "replace", ...change, provider, deletions: [], createFirst: false };
    }
    const kept = { ...(await wanted()), slot: old.slot };
    const diff = await this.#diff(goal, kept, old, inquiry);
    if (old.pendingReplacement || (diff.changes === "some" && diff.replaces.length > 0)) {
      if (next.protect && old.protect) {
        this.#run.events.stepStarted({ op: "replace", old, next: kept, diff });
        throw new TenantryError("TNT-315", { urns: [urn], doing: "replace" });
      }
      this.#replaced.add(urn);
      const change = { next: await anew(), old, diff, provider };
      const deletesFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
      const deletions = deletesFirst ? await this.#deletionsBefore(old) : [];
      const createFirst = !deletesFirst && !old.pendingReplacement;
      return { kind: "replace", ...change, deletions, createFirst };
    }
    const isIncomplete = (old.initErrors ?? []).length > 0;
    const kind = diff.changes === "some" || isIncomplete ? "update" : "same";
    return { kind, next: kept, old, diff, provider };
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

  async #diff(goal: Goal, next: Resource, old: Resource, inquiry: Inquiry): Promise<DiffAnswer> {
    const { deletedWith, inputs: news } = next;
    if (deletedWith !== undefined && this.#replaced.has(deletedWith))
      return someDifference(["deletedWith"]);
    if (await this.#needsOtherProvider(goal, old)) return someDifference(["provider"]);
    const ignored = goal.ignoreChanges;
    const answer = await inquiry.difference(old);
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

function planComponent(
  { ignoreChanges: ignored }: Goal,
  next: Resource,
  old: Resource | undefined,
): Plan {
  if (!old) return { kind: "create", next };
  const inputs = ignoreChanges(next.inputs, old.inputs, ignored);
  const diff = componentDiff(old.inputs, inputs);
  const kind = diff.changes === "some" ? "update" : "same";
  return { kind, next: { ...next, inputs, slot: old.slot }, old, diff };
}

function refusal(urn: string, reason: string): TenantryError {
  return new TenantryError("TNT-318", { urn, reason });
}
