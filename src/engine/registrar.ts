import { TenantryError } from "../core/errors.ts";
import { sameValue, secret } from "../protocol/values.ts";
import type { CheckAnswer } from "../protocol/plugin-client.ts";
import type { Properties } from "../protocol/values.ts";
import type { Goal } from "./goal.ts";
import { RunEnded } from "./failures.ts";
import type { Plan } from "./plan.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";
import { executePlan } from "./step-executor.ts";
import { StepGenerator } from "./step-generator.ts";
import {
  ROOT_STACK_TYPE,
  isProviderType,
  packageOf,
  providerReference,
  providerType,
} from "./urn.ts";

/** Settings of plugins in the stack's configuration, `postgresql:host` and the like. */
export interface PluginSettings {
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: ReadonlySet<string>;
}

/** Takes what the program declares: decides one after the other, carries out side by side. */
export class Registrar {
  readonly generator: StepGenerator;
  readonly #run: Run;
  readonly #settings: PluginSettings;
  readonly #registered = new Map<string, Resource>();
  /** What was decided about each component, whose last step is its outputs. */
  readonly #components = new Map<string, Plan>();
  readonly #defaultProviders = new Map<string, Promise<string>>();
  readonly #active = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();
  #stackUrn: string | undefined;
  #exported: Properties | undefined;

  constructor(run: Run, settings: PluginSettings) {
    this.#run = run;
    this.#settings = settings;
    this.generator = new StepGenerator(run);
  }

  /** The stack's outputs as the program exported them. */
  get outputs(): Properties {
    return this.#exported ?? {};
  }

  /**
   * @param read gives the goal, or refuses what the request holds
   * @throws RunEnded; what really failed is in the run's failures
   */
  async register(read: () => Goal): Promise<Resource> {
    return await this.#guarded(async () => {
      const goal = read();
      const isOrdinary = goal.custom && !isProviderType(goal.type);
      const { provider: given, ...rest } = goal;
      if (!isOrdinary) return await this.#registerNow(rest);
      const provider = given ?? (await this.#defaultProvider(packageOf(goal.type), goal.version));
      return await this.#registerNow({ ...rest, provider });
    });
  }

  /** What a component, or the stack itself, has to offer; takes the place of what it offered before. */
  async registerOutputs(urn: string, read: () => Properties): Promise<void> {
    await this.#guarded(async () => {
      const outputs = read();
      if (urn === this.#stackUrn) this.#exported = outputs;
      else await this.#recordOutputs(urn, outputs);
    });
  }

  /** The stack's outputs count once the program has come to its end: one that failed exports half of them. */
  async commitOutputs(): Promise<void> {
    const [urn, outputs] = [this.#stackUrn, this.#exported];
    if (urn !== undefined && outputs !== undefined)
      await this.#guarded(() => this.#recordOutputs(urn, outputs));
  }

  async invoke(
    token: string,
    args: Properties,
    provider: { reference: string; version: string },
  ): Promise<CheckAnswer> {
    return await this.#guarded(async () => {
      const name = packageOf(token);
      if (name === "pulumi") throw new TenantryError("TNT-308", { feature: `the call ${token}` });
      const reference = provider.reference || (await this.#defaultProvider(name, provider.version));
      const plugin = await this.#run.providers.get(reference);
      return await plugin.invoke(token, args, this.#run.preview);
    });
  }

  /** Refuses something by name, which ends the run. @throws RunEnded */
  async refuse(feature: string): Promise<never> {
    return await this.#guarded(() => Promise.reject(new TenantryError("TNT-308", { feature })));
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#active.size > 0) await Promise.allSettled(this.#active);
  }

  /** Begins nothing after a failure, and notes a failure of its own. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    const { failures } = this.#run;
    if (failures.any) throw new RunEnded();
    const active = work();
    this.#active.add(active);
    try {
      return await active;
    } catch (error) {
      failures.add(error);
      throw new RunEnded();
    } finally {
      this.#active.delete(active);
    }
  }

  async #registerNow(goal: Goal): Promise<Resource> {
    const asked = this.generator.askAhead(goal);
    const decided = this.#turn.then(() =>
      this.#unlessEnded(goal, () => this.generator.plan(goal, asked)),
    );
    // The next one is decided after this one, whatever came of it.
    this.#turn = decided.catch(() => undefined);
    const plan = await decided;
    const resource = await this.#run.slots.run(() =>
      this.#unlessEnded(goal, () => executePlan(this.#run, plan)),
    );
    this.#registered.set(resource.urn, resource);
    if (!resource.custom) this.#components.set(resource.urn, plan);
    if (resource.type === ROOT_STACK_TYPE) this.#stackUrn = resource.urn;
    return resource;
  }

  /** Does what a resource needs, unless the run has ended; notes its failure under its URN. */
  async #unlessEnded<T>(goal: Goal, work: () => Promise<T>): Promise<T> {
    const { failures } = this.#run;
    if (failures.any) throw new RunEnded();
    try {
      return await work();
    } catch (error) {
      failures.add(error, this.generator.urnOf(goal));
      throw new RunEnded();
    }
  }

  async #recordOutputs(urn: string, outputs: Properties): Promise<void> {
    const component = this.#registered.get(urn);
    if (!component)
      throw new TenantryError("TNT-318", { urn, reason: "it has outputs before it is there" });
    const next = { ...component, outputs };
    this.#registered.set(urn, next);
    if (!sameValue(component.outputs, outputs)) await this.#run.recorder.record({ put: [next] });
    const plan = this.#components.get(urn);
    if (!plan || plan.kind === "create") this.#run.events.outputs({ op: "create", next });
    else {
      const op = plan.kind === "replace" ? "create-replacement" : plan.kind;
      this.#run.events.outputs({ op, old: plan.old, next, diff: plan.diff });
    }
  }

  /** The provider that serves a package's resources when the program names none; made at first use. */
  #defaultProvider(name: string, version: string): Promise<string> {
    const known = this.#defaultProviders.get(`${name} ${version}`);
    if (known) return known;
    const made = this.#makeDefaultProvider(name, version);
    this.#defaultProviders.set(`${name} ${version}`, made);
    return made;
  }

  async #makeDefaultProvider(name: string, version: string): Promise<string> {
    const suffix = version === "" ? "" : `_${version.replaceAll(/[.+-]/g, "_")}`;
    const { urn, id = "" } = await this.#registerNow({
      type: providerType(name),
      name: `default${suffix}`,
      custom: true,
      inputs: {
        ...this.#settingsOf(name),
        ...(version !== "" && { version, __internal: {} }),
      },
      version,
      protect: false,
      retainOnDelete: false,
      dependencies: [],
      propertyDependencies: {},
      ignoreChanges: [],
      replaceOnChanges: [],
      additionalSecretOutputs: [],
      aliases: [],
    });
    return providerReference(urn, id);
  }

  #settingsOf(name: string): Properties {
    const prefix = `${name}:`;
    const { values, secretKeys } = this.#settings;
    const own = Object.entries(values).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(
      own.map(([key, value]) => [
        key.slice(prefix.length),
        secretKeys.has(key) ? secret(value) : value,
      ]),
    );
  }
}
