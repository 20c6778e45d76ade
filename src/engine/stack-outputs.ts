import { unwrapSecrets } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { hideSecrets } from "./events.ts";
import { Passphrase } from "./passphrase.ts";
import { readProject } from "./project.ts";
import { SecretKeeper } from "./secret-keeper.ts";
import { loadState } from "./state-store.ts";
import { ROOT_STACK_TYPE } from "./urn.ts";

export interface StackOutputsOptions {
  readonly root: string;
  readonly stack: string;
  /** The directory of the `file://` backend. */
  readonly backend: string;
  readonly passphrase: string;
  /** @default false: secrets read `"[secret]"` */
  readonly showSecrets?: boolean;
}

/**
 * What the program exported in its last run; undefined when the stack was never brought up. Reads only.
 *
 * @throws TNT-301, TNT-302, TNT-303, TNT-304, TNT-307, TNT-312
 */
export async function readStackOutputs(
  options: StackOutputsOptions,
): Promise<Properties | undefined> {
  const { root, stack, backend, passphrase, showSecrets = false } = options;
  const project = await readProject(root);
  const { checkpoint } = await loadState({ backend, project: project.name, stack });
  const stored = checkpoint.resources.find(({ type }) => type === ROOT_STACK_TYPE);
  if (!stored || checkpoint.salt === undefined) return undefined;
  const keeper = new SecretKeeper(await Passphrase.open(passphrase, checkpoint.salt));
  return presentOutputs(keeper.open(stored, 0).outputs, showSecrets);
}

/** Outputs for a reader: without marks, secrets hidden unless asked for. */
export function presentOutputs(outputs: Properties, showSecrets: boolean): Properties {
  return showSecrets ? (unwrapSecrets(outputs) as Properties) : hideSecrets(outputs);
}
