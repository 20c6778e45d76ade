import type { Properties } from "../../protocol/values.ts";

/** PostgreSQL's units of time, in milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A time in milliseconds, from PostgreSQL's text such as `1000`, `5s` or `1.5min`. */
export function milliseconds(text: string): number {
  const [, number = "", unit = "ms"] = /^\s*([\d.]+)\s*([a-z]*)\s*$/.exec(text) ?? [];
  return Math.round(Number(number) * (UNITS[unit || "ms"] ?? NaN));
}

/**
 * The properties that stand for settings of a role's sessions.
 *
 * @param settings `pg_roles.rolconfig`: each `name=value`
 */
export function settingProperties(settings: readonly string[]): Properties {
  const setting = (name: string): string | undefined =>
    settings.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  const searchPath = setting("search_path")?.split(", ") ?? [];
  return {
    searchPaths: searchPath.map((item) => item.replace(/^"|"$/g, "")),
    statementTimeout: milliseconds(setting("statement_timeout") ?? "0"),
    idleInTransactionSessionTimeout: milliseconds(
      setting("idle_in_transaction_session_timeout") ?? "0",
    ),
    assumeRole: setting("role") ?? "",
  };
}
