import { Passphrase } from "../engine/passphrase.ts";
import type { StackFile } from "../settings/stack-file.ts";
import { stackPassphrase } from "./passphrase.ts";

/** A stack file, and where it lies. */
export interface StackSecretsPlace {
  readonly root: string;
  readonly stack: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stackFile: Pick<StackFile, "values" | "encryptionSalt">;
}

/**
 * A secret of the stack file, in clear; undefined where the file has none.
 *
 * @throws {TenantryError} TNT-301, TNT-612, TNT-614 when the stack's passphrase is not the right one, or not there
 */
export async function stackSecret(
  key: string,
  { root, stack, env, stackFile }: StackSecretsPlace,
): Promise<string | undefined> {
  const { values, encryptionSalt = "" } = stackFile;
  const secret = values[key];
  const secure =
    typeof secret === "object" && secret !== null && "secure" in secret ? secret.secure : undefined;
  if (typeof secure !== "string") return undefined;
  const phrase = stackPassphrase({ root, stack, env, stackExists: true, keep: false });
  return (await Passphrase.open(phrase, encryptionSalt)).decrypt(secure);
}
