import { TenantryError } from "../core/errors.ts";
import { isObject } from "../protocol/values.ts";
import type { Passphrase } from "./passphrase.ts";

/** Linux takes at most 128 KiB, its ending NUL included, in one environment string `NAME=VALUE`. */
const STRING_LIMIT = 131_072 - "PULUMI_CONFIG=".length - 1;

/** A stack's configuration as the program gets it. */
export interface StackConfig {
  /** Texts, and JSON for what has structure. */
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: ReadonlySet<string>;
}

/** Whether a stack file's `config:` holds anything encrypted. */
export const hasSecrets = (config: Readonly<Record<string, unknown>>): boolean =>
  JSON.stringify(config).includes('"secure":');

/**
 * @param config a stack file's `config:`, `{secure: ...}` values included
 * @throws TNT-311 when it is too long for the program's environment, TNT-317
 */
export function readStackConfig(
  config: Readonly<Record<string, unknown>>,
  passphrase: Passphrase | undefined,
): StackConfig {
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  for (const [key, value] of Object.entries(config)) {
    const opened = openSecrets(key, value, passphrase);
    if (opened !== value) secretKeys.add(key);
    values[key] = typeof opened === "string" ? opened : JSON.stringify(opened);
  }
  const bytes = Buffer.byteLength(JSON.stringify(values));
  if (bytes > STRING_LIMIT) throw new TenantryError("TNT-311", { bytes, limit: STRING_LIMIT });
  return { values, secretKeys };
}

/** The value with each `{secure: ...}` decrypted; the very same value when there was none. */
function openSecrets(key: string, value: unknown, passphrase: Passphrase | undefined): unknown {
  if (Array.isArray(value)) {
    const opened = value.map((item: unknown) => openSecrets(key, item, passphrase));
    return opened.some((item, index) => item !== value[index]) ? opened : value;
  }
  if (!isObject(value)) return value;
  const { secure } = value;
  if (typeof secure === "string" && Object.keys(value).length === 1)
    return decrypt(key, secure, passphrase);
  const opened = Object.entries(value).map(
    ([name, item]) => [name, openSecrets(key, item, passphrase)] as const,
  );
  return opened.some(([name, item]) => item !== value[name]) ? Object.fromEntries(opened) : value;
}

function decrypt(key: string, secure: string, passphrase: Passphrase | undefined): string {
  if (!passphrase) throw new TenantryError("TNT-317", { key });
  try {
    return passphrase.decrypt(secure);
  } catch (cause) {
    throw new TenantryError("TNT-317", { key }, { cause });
  }
}
