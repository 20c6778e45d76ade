import { TenantryError } from "../core/errors.ts";
import type { OldState } from "./old-state.ts";
import type { PluginHost, PluginProcess } from "./plugin-host.ts";
import { Provider } from "./provider.ts";
import type { Resource } from "./resource.ts";
import { packageOf, parseProviderReference, providerReference } from "./urn.ts";

/** The configured plugins of a run, by provider reference. */
export class Providers {
  readonly #host: PluginHost;
  readonly #old: readonly Resource[];
  readonly #configured = new Map<string, Promise<Provider>>();
  readonly #renamed = new Map<string, string>();

  constructor(host: PluginHost, old: OldState) {
    this.#host = host;
    this.#old = old.remaining;
  }

  /** A process of its own for a provider resource. @throws TNT-309, TNT-310 */
  async start(provider: Pick<Resource, "type" | "inputs">): Promise<PluginProcess> {
    return await this.#host.start(packageOf(provider.type), pluginVersion(provider));
  }

  /** Configures a plugin for a provider resource of this run. */
  async add(resource: Resource, plugin: PluginProcess): Promise<void> {
    const { urn, id = "", inputs } = resource;
    const provider = Provider.configure(plugin, { urn, id, inputs });
    this.#configured.set(providerReference(urn, id), provider);
    await provider;
  }

  /** References in the old state may still use the URN from before an alias. */
  rename(from: string, to: string): void {
    this.#renamed.set(from, to);
  }

  /** The provider of a resource: one of this run, or one that only the old state knows. */
  async get(reference: string): Promise<Provider> {
    const { urn, id } = parseProviderReference(reference);
    const current = providerReference(this.#renamed.get(urn) ?? urn, id);
    const known = this.#configured.get(current) ?? this.#fromOldState(urn, id);
    this.#configured.set(current, known);
    return await known;
  }

  async #fromOldState(urn: string, id: string): Promise<Provider> {
    const found = this.#old.find((resource) => resource.urn === urn && resource.id === id);
    if (!found)
      throw new TenantryError("TNT-318", { urn, reason: "it is used as a provider and is none" });
    return await Provider.configure(await this.start(found), { urn, id, inputs: found.inputs });
  }
}

/** The version of its plugin that a provider resource asks for; empty for any. */
export function pluginVersion({ inputs }: Pick<Resource, "inputs">): string {
  return typeof inputs.version === "string" ? inputs.version : "";
}
