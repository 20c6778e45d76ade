import type { CheckFailure, CheckResult, DiffResult, ResourceHandler } from "./resource-handler.ts";
import type { Properties } from "./values.ts";

/** A plugin: its resources by type token, and what it does with its own configuration. */
export interface PluginDefinition {
  /** The package's name, `tenantry` in `tenantry:index:Tenant`. */
  readonly name: string;
  readonly version: string;
  readonly resources: Readonly<Record<string, ResourceHandler>>;
  /** Takes the provider's arguments: plain, and with the types the program gave them. */
  configure(args: Properties): void | Promise<void>;
  /** Pure validation of the provider's arguments, beside those of the last run. Without it everything is accepted. */
  checkConfig?(news: Properties, olds: Properties): readonly CheckFailure[] | CheckResult;
  /** Without it, the old and new arguments are compared; a difference never replaces the provider. */
  diffConfig?(oldInputs: Properties, news: Properties): DiffResult;
  /** Lets go of what keeps the process alive, such as a pool. */
  close?(): void | Promise<void>;
}
