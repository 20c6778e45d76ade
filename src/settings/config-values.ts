import { SECRET_KEYS } from "./definition.ts";

/** The keys that are read as they stand; all others are JSON. */
const TEXT_KEYS: readonly string[] = [
  ...["target", "database", "isolation", "partitionKey", "partitions", "layout", "tenantsFile"],
];

/** In place of a secret. */
const HIDDEN = { secure: "" };

function decode(key: string, text: string): unknown {
  if (TEXT_KEYS.includes(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * What a stack says, as Pulumi hands it to programs: every value a text, structured ones in JSON. A secret
 * is not among them, only that it is there.
 *
 * @param get reads a key
 * @param keys those that the stack sets
 */
export function readConfigValues(
  get: (key: string) => string | undefined,
  keys: readonly string[],
): Record<string, unknown> {
  const values = keys.flatMap((key) => {
    const text = get(key);
    if (text === undefined) return [];
    return [[key, SECRET_KEYS.includes(key) ? HIDDEN : decode(key, text)]];
  });
  return Object.fromEntries(values) as Record<string, unknown>;
}

/** A value of the stack file as a program would read it, so that YAML and Pulumi lead to the same settings. */
export function asConfigValue(key: string, value: unknown): unknown {
  if (value === null) return null;
  return decode(key, typeof value === "string" ? value : JSON.stringify(value));
}
