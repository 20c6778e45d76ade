import { quoteLiteral } from "./identifier.ts";

/** A setting as a running server has it. */
export interface ServerSetting {
  readonly name: string;
  /** `pg_settings.vartype`. */
  readonly type: string;
  readonly unit: string | null;
  /** In that unit. */
  readonly value: string;
  /** As SHOW says it. */
  readonly shown: string;
  readonly needsRestart: boolean;
}

/** A setting that is declared, and that the server has otherwise. */
export interface SettingDifference {
  readonly name: string;
  readonly declared: string;
  /** As SHOW says it; null when the administrator may not see it, or the server has no such setting. */
  readonly found: string | null;
  readonly needsRestart: boolean;
}

const KILOBYTE = 1024;
/** In bytes, and in microseconds. */
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: KILOBYTE,
  "8kB": 8 * KILOBYTE,
  MB: KILOBYTE ** 2,
  GB: KILOBYTE ** 3,
  TB: KILOBYTE ** 4,
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};
const NUMBER = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-zA-Z]*)\s*$/i;
const TRUTHS: Readonly<Record<string, string>> = { true: "on", yes: "on", "1": "on", on: "on" };

/** Lists whose items are names, each in quotes of its own. */
const NAME_LISTS = [
  ...["shared_preload_libraries", "session_preload_libraries", "local_preload_libraries"],
  ...["search_path", "temp_tablespaces"],
];

const itemsOf = (list: string): string[] =>
  list
    .split(",")
    .map((item) => item.trim().replace(/^"(.*)"$/, "$1"))
    .filter((item) => item !== "");

/** A number in the unit of the setting; undefined for what is none. */
function numberIn(unit: string | null, text: string): number | undefined {
  const [, digits, given = ""] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (given === "" || unit === null) return given === "" ? Number(digits) : undefined;
  const factor = UNITS[given];
  return factor === undefined ? undefined : (Number(digits) * factor) / (UNITS[unit] ?? NaN);
}

function isSame(declared: string, { name, type, unit, value }: ServerSetting): boolean {
  if (NAME_LISTS.includes(name)) {
    const there = itemsOf(value);
    return itemsOf(declared).every((item) => there.includes(item));
  }
  if (type === "bool") return (TRUTHS[declared.trim().toLowerCase()] ?? "off") === value;
  if (type === "enum") return declared.trim().toLowerCase() === value.toLowerCase();
  if (type === "string") return declared === value;
  const number = numberIn(unit, declared);
  if (number === undefined) return false;
  return type === "integer" ? Math.round(number) === Number(value) : number === Number(value);
}

/** The declared settings that a server has otherwise, or does not show. A list of libraries may hold more. */
export function settingDifferences(
  declared: Readonly<Record<string, string>>,
  server: readonly ServerSetting[],
): SettingDifference[] {
  return Object.entries(declared).flatMap(([name, value]): SettingDifference[] => {
    const found = server.find((setting) => setting.name === name);
    if (found === undefined) return [{ name, declared: value, found: null, needsRestart: false }];
    if (isSame(value, found)) return [];
    const wanted = NAME_LISTS.includes(name)
      ? [...new Set([...itemsOf(found.value), ...itemsOf(value)])].join(",")
      : value;
    return [{ name, declared: wanted, found: found.shown, needsRestart: found.needsRestart }];
  });
}

/** The statement by which a superuser brings the server to what is declared. */
export function alterSystem({ name, declared }: SettingDifference): string {
  const values = NAME_LISTS.includes(name) ? itemsOf(declared) : [declared];
  const quoted = values.map((value) => quoteLiteral(value).trim()).join(", ");
  return `ALTER SYSTEM SET ${name} = ${quoted};`;
}
