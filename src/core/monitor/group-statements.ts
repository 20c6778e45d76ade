import { normaliseQuery } from "./normalise-query.ts";

/** What was counted for one text and role; see sql/monitor/statements.sql. Times in milliseconds. */
export interface StatementRow {
  /** Null when the role was dropped. */
  readonly role: string | null;
  readonly query: string;
  readonly statements: number;
  readonly calls: number;
  readonly totalMs: number;
  readonly maxMs: number;
  readonly rows: number;
  readonly blocksHit: number;
  readonly blocksRead: number;
}

/** A tenant's part of a group. */
interface TenantShare {
  readonly tenant: string;
  readonly calls: number;
  readonly totalMs: number;
}

/** All statements of one normalised text. */
export interface StatementGroup {
  /** `tenant_*` stands for the schemas of tenants. */
  readonly query: string;
  /** How many statements of pg_stat_statements it was. */
  readonly statements: number;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly rows: number;
  readonly blocksHit: number;
  readonly blocksRead: number;
  /** The tenants it is known to have run for: by their role, or their schema in the text. The slowest first. */
  readonly tenants: readonly TenantShare[];
}

export interface GroupingOptions {
  /** The tenants' ids by their schemas. */
  readonly schemas: ReadonlyMap<string, string>;
  /** Keeps what stands in the texts, data included. Default: no. */
  readonly showLiterals?: boolean;
  /** Only what is known to have run for this tenant. */
  readonly tenant?: string | undefined;
}

const QUALIFIER = /\b(tenant_[a-z0-9_]+)(?="?\s*\.)/g;

/** Which tenants' schemas a text names before a dot. */
function tenantsNamed(query: string, schemas: ReadonlyMap<string, string>): string[] {
  const ids = [...query.matchAll(QUALIFIER)].flatMap(([, name = ""]) => schemas.get(name) ?? []);
  return [...new Set(ids)];
}

/** Puts together what is the same statement for different tenants, the slowest in sum first. */
export function groupStatements(
  rows: readonly StatementRow[],
  { schemas, showLiterals = false, tenant }: GroupingOptions,
): StatementGroup[] {
  const groups = new Map<string, { rows: StatementRow[]; shares: Map<string, TenantShare> }>();
  for (const row of rows) {
    const text = showLiterals ? row.query : normaliseQuery(row.query);
    const byRole = schemas.get(row.role ?? "");
    const ids = byRole === undefined ? tenantsNamed(text, schemas) : [byRole];
    if (tenant !== undefined && !ids.includes(tenant)) continue;
    const query = text.replace(QUALIFIER, (name) => (schemas.has(name) ? "tenant_*" : name));
    const group = groups.get(query) ?? { rows: [], shares: new Map<string, TenantShare>() };
    groups.set(query, group);
    group.rows.push(row);
    for (const id of ids) {
      const { calls = 0, totalMs = 0 } = group.shares.get(id) ?? {};
      group.shares.set(id, {
        tenant: id,
        calls: calls + row.calls,
        totalMs: totalMs + row.totalMs,
      });
    }
  }
  return [...groups]
    .map(([query, group]) => summarise(query, group.rows, [...group.shares.values()]))
    .toSorted((a, b) => b.totalMs - a.totalMs);
}

function summarise(
  query: string,
  rows: readonly StatementRow[],
  shares: readonly TenantShare[],
): StatementGroup {
  const sum = (key: Exclude<keyof StatementRow, "role" | "query">): number =>
    rows.reduce((total, row) => total + row[key], 0);
  const [calls, totalMs] = [sum("calls"), sum("totalMs")];
  return {
    query,
    statements: sum("statements"),
    calls,
    totalMs,
    meanMs: calls === 0 ? 0 : totalMs / calls,
    maxMs: Math.max(...rows.map(({ maxMs }) => maxMs)),
    rows: sum("rows"),
    blocksHit: sum("blocksHit"),
    blocksRead: sum("blocksRead"),
    tenants: shares.toSorted((a, b) => b.totalMs - a.totalMs),
  };
}
