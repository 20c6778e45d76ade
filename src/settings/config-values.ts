import { SECRET_KEY, settingsDefinition } from "./definition.ts";

/** The keys that are read as they stand; all others are JSON. */
const TEXT_KEYS: readonly string[] = [
  ...["target", "database", "isolation", "partitionKey", "layout", "tenantsFile"],
];

function decode(key: string, text: string): unknown {
  if (TEXT_KEYS.includes(key)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * What a stack says, as Pulumi hands it to programs: every value a text, structured ones in JSON. The secret is
 * left out.
 *
 * @param keys all that the stack sets, so that unknown ones are noticed. Default: the known ones.
 */
export function readConfigValues(
  get: (key: string) => string | undefined,
  keys: readonly string[] = Object.keys(settingsDefinition.shape),
): Record<string, unknown> {
  const values = keys
    .filter((key) => key !== SECRET_KEY)
    .map((key) => [key, get(key)] as const)
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  return Object.fromEntries(values.map(([key, text]) => [key, decode(key, text)]));
}

/** A value of the stack file as a program would read it, so that YAML and Pulumi lead to the same settings. */
export function asConfigValue(key: string, value: unknown): unknown {
  if (value === null) return null;
  return decode(key, typeof value === "string" ? value : JSON.stringify(value));
}
