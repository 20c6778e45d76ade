import { randomBytes } from "node:crypto";
import type { Finding } from "../core/doctor/finding.ts";
import { TenantryError, messageOf } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifier.ts";
import { tenantSchema } from "../core/names.ts";
import { PARTITIONS_SCHEMA } from "../core/partition.ts";
import type { TenantState } from "../core/tenant.ts";
import { createTenantPool } from "../runtime/index.ts";
import type {
  PoolIsolation,
  ScopeTransaction,
  TenantPool,
  TenantPoolOptions,
} from "../runtime/index.ts";

/** A tenant, or without tenant schemas a value with partitions, as far as a probe knows it. */
export interface ProbedTenant {
  readonly id: string;
  readonly state: TenantState;
  readonly isolation: PoolIsolation;
}

/** What is attacked. */
export interface ProbeScene {
  /** The application's login. */
  readonly login: TenantPoolOptions;
  readonly tenants: readonly ProbedTenant[];
  /** The role that owns everything. */
  readonly owner: string;
}

/** What came of it. */
export interface ProbeResult {
  /** How many attacks were carried out. */
  readonly attacks: number;
  readonly findings: readonly Finding[];
}

/** As many tenants of each isolation are attacked: their rights come from one function, and a fleet may be large. */
const MOST_TENANTS = 20;

/** Work in a tenant's scope that must be refused. */
interface Attack {
  readonly id: string;
  readonly name: string;
  readonly work: (tx: ScopeTransaction) => Promise<unknown>;
}

/**
 * Attacks the isolation of a running database as the application's role, as docs/isolation.md describes: only with
 * statements that read no row, even if they succeed. What is not refused is a finding.
 */
export async function probeIsolation({ login, tenants, owner }: ProbeScene): Promise<ProbeResult> {
  const results: ProbeResult[] = [];
  for (const isolation of ["shared", "strict", "partitions"] as const) {
    const own = tenants.filter((tenant) => tenant.isolation === isolation);
    if (own.length === 0) continue;
    const pool = createTenantPool({ ...login, isolation, max: 2 });
    try {
      const attacks = attacksOn(isolation, own, owner);
      results.push({
        attacks: attacks.length,
        findings: [...(await weaknesses(pool, login)), ...(await carryOut(pool, attacks))],
      });
    } finally {
      await pool.end();
    }
  }
  return {
    attacks: results.reduce((sum, { attacks }) => sum + attacks, 0),
    findings: results.flatMap(({ findings }) => findings),
  };
}

/** What the library itself says about the login when an application starts. */
async function weaknesses(pool: TenantPool, { user = "" }: TenantPoolOptions): Promise<Finding[]> {
  try {
    await pool.check();
    return [];
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return [{ code: "DOC-80", subject: user, found: messageOf(error) }];
  }
}

async function carryOut(pool: TenantPool, attacks: readonly Attack[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { id, name, work } of attacks)
    if (await succeeds(pool, id, work))
      findings.push({ code: "DOC-81", subject: `scope of ${id}`, found: name });
  return findings;
}

async function succeeds(pool: TenantPool, id: string, work: Attack["work"]): Promise<boolean> {
  // What is refused at the scope's end was reached before.
  const progress = { reached: false };
  const attack = async (tx: ScopeTransaction): Promise<void> => {
    await work(tx);
    progress.reached = true;
  };
  await pool.withTenant(id, attack).catch((error: unknown) => {
    if (!progress.reached && !isRefusal(error)) throw error;
  });
  return progress.reached;
}

/** Only what the database or the library refuses counts; a lost connection proves nothing. */
function isRefusal(error: unknown): boolean {
  const code = String((error as { readonly code?: unknown }).code);
  return ["42501", "42P01", "3F000"].includes(code) || /^TNT-(?:80[3-9]|852)$/.test(code);
}

function attacksOn(
  isolation: PoolIsolation,
  tenants: readonly ProbedTenant[],
  owner: string,
): Attack[] {
  const active = sample(tenants.filter(({ state }) => state === "active"));
  const shut = sample(tenants.filter(({ state }) => state !== "active"));
  const [insider] = active;
  const neighbours = isolation === "strict" && active.length > 1 ? active : [];
  return [
    enter(`nobody_${randomBytes(6).toString("hex")}`, "opens, and there is no such tenant"),
    ...shut.map(({ id, state }) => enter(id, `opens, and the tenant is ${state}`)),
    ...(insider === undefined ? [] : attacksFrom(insider, isolation, shut, owner)),
    ...neighbours.map(({ id }, index) =>
      read(id, tenantSchema(neighbours.at(index - 1)?.id ?? id)),
    ),
  ];
}

const attacksFrom = (
  { id }: ProbedTenant,
  isolation: PoolIsolation,
  shut: readonly ProbedTenant[],
  owner: string,
): Attack[] => [
  ...shut.map((other) => read(id, tenantSchema(other.id))),
  ...(isolation === "partitions"
    ? [read(id, "shared", "partition"), read(id, PARTITIONS_SCHEMA)]
    : [read(id, "shared")]),
  read(id, "tenantry"),
  {
    id,
    name: `takes the role ${owner}`,
    work: (tx) => tx.query(`set local role ${quoteIdentifier(owner)}`),
  },
];

/** A scope opens with its first statement. */
const enter = (id: string, name: string): Attack => ({
  id,
  name,
  work: (tx) => tx.query("select"),
});

/** Reads no row of the first table, or partition, in a schema: the right to is asked for all the same. */
const read = (id: string, schema: string, kind: "table" | "partition" = "table"): Attack => ({
  id,
  name: kind === "table" ? `reads in ${schema}` : `reads a partition in ${schema}`,
  work: async (tx) => {
    const { rows } = await tx.query<{ name: string }>(FIRST_TABLE, [schema, kind === "partition"]);
    const [table] = rows;
    if (table === undefined) throw new TenantryError("TNT-803", { id, schema });
    await tx.query(`select from ${table.name} limit 0`);
  },
});

/** PostgreSQL shows everybody the names of all relations. */
const FIRST_TABLE = `
select format('%I.%I', n.nspname, c.relname) as name
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relkind in ('r', 'p') and (c.relispartition or not $2)
order by c.relname
limit 1`;

/** At most so many of them, spread over all. */
function sample<T>(all: readonly T[]): readonly T[] {
  const step = Math.max(1, all.length / MOST_TENANTS);
  return all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}
