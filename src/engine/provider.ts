import { UNKNOWN, containsUnknown } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { someDifference } from "../protocol/diff-answer.ts";
import type { DiffAnswer } from "../protocol/diff-answer.ts";
import type { CheckAnswer, OperationAnswer, PluginClient } from "../protocol/plugin-client.ts";
import { omit } from "../core/omit.ts";
import type { PluginProcess } from "./plugin-host.ts";
import type { Resource } from "./resource.ts";

/** A resource in the old state, as a plugin is asked about it. */
export interface Old {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export const asOld = ({ id = "", inputs, outputs }: Resource): Old => ({ id, inputs, outputs });

/**
 * A configured plugin. In a preview its configuration may hold unknowns; then it cannot be asked anything, and
 * what it would answer is taken to be unknown.
 */
export class Provider {
  readonly #plugin: PluginProcess;
  readonly #known: boolean;

  private constructor(plugin: PluginProcess, known: boolean) {
    this.#plugin = plugin;
    this.#known = known;
  }

  static async configure(
    plugin: PluginProcess,
    provider: { urn: string; id: string; inputs: Properties },
  ): Promise<Provider> {
    const { urn, id } = provider;
    const inputs = providerArguments(provider.inputs);
    const known = !containsUnknown(inputs);
    if (known) await plugin.use((client) => client.configure(urn, id, inputs));
    return new Provider(plugin, known);
  }

  async check(urn: string, olds: Properties, news: Properties, seed: Buffer): Promise<CheckAnswer> {
    if (!this.#known) return { inputs: news, failures: [] };
    return await this.#use((client) => client.check(urn, olds, news, seed));
  }

  async diff(
    urn: string,
    old: Old,
    news: Properties,
    ignoreChanges: readonly string[],
  ): Promise<DiffAnswer> {
    if (!this.#known) return someDifference();
    return await this.#use((client) => client.diff(urn, old, news, ignoreChanges));
  }

  async diffConfig(
    urn: string,
    olds: Pick<Old, "inputs" | "outputs">,
    news: Properties,
  ): Promise<DiffAnswer | undefined> {
    const old = { inputs: providerArguments(olds.inputs), outputs: olds.outputs };
    return await this.#use((client) => client.diffConfig(urn, old, providerArguments(news)));
  }

  async create(
    urn: string,
    inputs: Properties,
    options: { preview: boolean; timeout?: number | undefined },
  ): Promise<OperationAnswer> {
    return (
      this.#withoutAsking(inputs, options.preview, "") ??
      (await this.#use((client) => client.create(urn, inputs, options)))
    );
  }

  async update(
    urn: string,
    old: Old,
    news: Properties,
    options: { preview: boolean; timeout?: number | undefined; ignoreChanges: readonly string[] },
  ): Promise<OperationAnswer> {
    return (
      this.#withoutAsking(news, options.preview, old.id) ??
      (await this.#use((client) => client.update(urn, old, news, options)))
    );
  }

  async delete(urn: string, old: Old, timeout?: number): Promise<void> {
    await this.#use((client) => client.delete(urn, old, timeout));
  }

  async read(urn: string, old: Old): Promise<OperationAnswer & { inputs: Properties }> {
    return await this.#use((client) => client.read(urn, old));
  }

  async invoke(token: string, args: Properties, preview: boolean): Promise<CheckAnswer> {
    if (!this.#known) return { inputs: {}, failures: [] };
    return await this.#use((client) => client.invoke(token, args, preview));
  }

  #use<T>(run: (client: PluginClient) => Promise<T>): Promise<T> {
    return this.#plugin.use(run);
  }

  /** What a preview shows when the plugin cannot take part in it. */
  #withoutAsking(inputs: Properties, preview: boolean, id: string): OperationAnswer | undefined {
    if (!preview) return undefined;
    if (!this.#known) return { id, outputs: {} };
    return this.#plugin.client.previews ? undefined : { id, outputs: inputs };
  }
}

/** A provider resource's inputs without the engine's own notes. */
export function providerArguments(inputs: Properties): Properties {
  return omit(inputs, "__internal");
}

/** The id of a provider that only a preview knows. */
export const UNKNOWN_PROVIDER_ID = UNKNOWN;
