import { randomBytes } from "node:crypto";
import { TenantryError, messageOf } from "../core/errors.ts";
import { writeFile } from "../system/write-file.ts";
import { readIfThere, stackFile } from "./stack-files.ts";

export interface PassphraseNeeds {
  readonly root: string;
  readonly stack: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether there is a state, whose secrets only the passphrase it was made with opens. */
  readonly stackExists: boolean;
  /** Whether this run brings the stack up for good; a preview changes nothing. */
  readonly keep: boolean;
}

/**
 * The passphrase of a stack's secrets: PULUMI_CONFIG_PASSPHRASE (which may be empty), the file that
 * PULUMI_CONFIG_PASSPHRASE_FILE names, or `.tenantry/<stack>/passphrase`, which is made when the stack is. A preview of
 * a stack that is not there yet gets one that nobody keeps.
 *
 * @throws {TenantryError} TNT-612 for a file that cannot be read; TNT-614 when the stack has a state and no passphrase
 */
export function stackPassphrase({ root, stack, env, stackExists, keep }: PassphraseNeeds): string {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const named = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (named !== undefined && named !== "") return readNamed(named);
  const file = stackFile(root, stack, "passphrase");
  const kept = readIfThere(file);
  if (kept !== undefined) return kept;
  if (stackExists)
    throw new TenantryError("TNT-614", { stack, file: `.tenantry/${stack}/passphrase` });
  const passphrase = randomBytes(24).toString("base64url");
  if (keep) writeFile(file, `${passphrase}\n`, 0o600);
  return passphrase;
}

function readNamed(file: string): string {
  try {
    const passphrase = readIfThere(file);
    if (passphrase !== undefined) return passphrase;
  } catch (error) {
    throw new TenantryError("TNT-612", { file, reason: messageOf(error) }, { cause: error });
  }
  throw new TenantryError("TNT-612", { file, reason: "it does not exist" });
}
