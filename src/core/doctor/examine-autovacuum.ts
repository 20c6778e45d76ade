import type { AutovacuumSettings } from "../autovacuum-settings.ts";
import { quoteIdentifier, quoteLiteral } from "../identifier.ts";
import type { Finding } from "./finding.ts";
import type { SoundPatient } from "./examine-tenants.ts";

/** A table that has settings of autovacuum, or should; see sql/doctor/autovacuum.sql. */
export interface AutovacuumRow {
  readonly schema: string;
  readonly table: string;
  /** `autovacuum_vacuum_scale_factor=0.05`. */
  readonly settings: readonly string[];
}

/**
 * The tables whose autovacuum is not as the migrations say.
 *
 * @param declaredFor what is declared at a version, by table
 */
export function examineAutovacuum(
  rows: readonly AutovacuumRow[],
  tenants: readonly SoundPatient[],
  declaredFor: (version: number) => ReadonlyMap<string, AutovacuumSettings>,
): Finding[] {
  const registries = new Map(tenants.map(({ registry, schema }) => [schema.name, registry]));
  return rows.flatMap(({ schema, table, settings }): Finding[] => {
    const registry = registries.get(schema);
    if (registry === undefined) return [];
    const declared = declaredFor(registry.version).get(table) ?? new Map<string, string>();
    const actual = new Map(settings.map((setting) => divide(setting)));
    const about = { subject: `${schema} table ${table}`, tenant: registry.id };
    const wrong = [...declared].filter(([name, value]) => !isSame(actual.get(name), value));
    const missing = wrong.map(([name, value]): Finding => {
      const found = actual.get(name);
      const set = `${name} = ${quoteLiteral(value)}`;
      return {
        ...{ code: "DOC-25", ...about },
        found: `${name} ${found === undefined ? "is not set" : `is ${found}`}, should be ${value}`,
        repair: {
          by: "statements",
          texts: [`alter table ${quoteIdentifier(schema)}.${quoteIdentifier(table)} set (${set})`],
          administrator: false,
        },
      };
    });
    const undeclared = [...actual]
      .filter(([name]) => !declared.has(name))
      .map(([name, value]): Finding => ({
        ...{ code: "DOC-26", ...about, found: `${name} is ${value}` },
      }));
    return [...missing, ...undeclared];
  });
}

const divide = (setting: string): readonly [string, string] => {
  const at = setting.indexOf("=");
  return [setting.slice(0, at), setting.slice(at + 1)];
};

/** PostgreSQL keeps a value as it was written: 0.05 may be 0.050. */
const isSame = (actual: string | undefined, declared: string): boolean =>
  actual === declared ||
  (actual !== undefined && actual !== "" && Number(actual) === Number(declared));
