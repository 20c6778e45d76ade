import type { DiffAnswer } from "../protocol/diff-answer.ts";
import type { PluginProcess } from "./plugin-host.ts";
import type { Provider } from "./provider.ts";
import type { Resource } from "./resource.ts";

interface Registration {
  /** The resource as it will be: inputs checked, outputs still those of the past. */
  readonly next: Resource;
  /** Absent for components and provider resources. */
  readonly provider?: Provider;
  /** A provider resource's own plugin, not yet configured. */
  readonly plugin?: PluginProcess;
}

interface Change extends Registration {
  readonly old: Resource;
  readonly diff: DiffAnswer;
}

/** What is decided about one registration of the program. */
export type Plan =
  | (Registration & { readonly kind: "create" })
  | (Change & { readonly kind: "same" | "update" })
  | (Change & {
      readonly kind: "replace";
      /** What goes before the new one comes, in this order: dependents first. Empty: the old one goes last. */
      readonly deletions: readonly Resource[];
      /** The old one stands until all is done. */
      readonly createFirst: boolean;
    });
