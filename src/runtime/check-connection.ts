import type pg from "pg";
import { TenantryError } from "../core/errors.ts";
import type { PoolSettings } from "./pool-options.ts";

interface Facts {
  readonly role: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly path: string;
  readonly creates: boolean;
  readonly temporary: boolean;
  readonly owned: string | null;
  readonly inherited: string | null;
  readonly prepared: boolean;
  readonly process: number;
  readonly current: string | null;
}

/** What the login may do with a table of the schemas of partitions. */
interface Reach {
  readonly table: string;
  readonly truncates: boolean;
  /** Whether a policy decides about the rows. */
  readonly guarded: boolean;
}

const FACTS = `
select r.rolname as role, r.rolsuper as superuser, r.rolbypassrls as bypasses,
  current_setting('search_path') as path,
  has_schema_privilege('public', 'create') as creates,
  has_database_privilege(current_database(), 'temporary') as temporary,
  (select nspname from pg_namespace
    where (starts_with(nspname, 'tenant_') or nspname in ('shared', 'partitions'))
      and pg_has_role(nspowner, 'usage')
    order by starts_with(nspname, 'tenant_') desc, nspname limit 1) as owned,
  (select min(nspname) from pg_namespace
    where starts_with(nspname, 'tenant_') and has_schema_privilege(oid, 'usage')
      and exists (select from pg_roles t where t.rolname = nspname)) as inherited,
  coalesce(has_function_privilege(to_regprocedure('central.tenant_standing(text)'), 'execute'), false) as prepared,
  pg_backend_pid() as process,
  nullif(current_setting('app.current_tenant', true), '') as current
from pg_roles r
where r.rolname = current_user`;

/** What may be reached where row level security alone keeps the values apart. */
const REACH = `
select c.oid::regclass::text as table, has_table_privilege(c.oid, 'truncate') as truncates,
  row_security_active(c.oid) as guarded
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('shared', 'partitions') and has_schema_privilege(n.oid, 'usage') and c.relkind in ('r', 'p')
  and (has_any_column_privilege(c.oid, 'select, insert, update') or has_table_privilege(c.oid, 'delete, truncate'))
order by 1`;

const PARTITIONS_PREPARED = `
select has_schema_privilege('shared', 'usage')
  and coalesce(has_function_privilege(to_regprocedure('central.has_partition(text)'), 'execute'), false) as prepared`;

/**
 * Looks at the connection as it is outside a scope.
 *
 * @throws {TenantryError} TNT-814 with everything that is wrong, TNT-815 or TNT-853 when the database is not prepared.
 */
export async function checkConnection(
  client: pg.ClientBase,
  { database, isolation }: PoolSettings,
): Promise<void> {
  const pooler = await checkPooler(client);
  if (pooler !== undefined) throw new TenantryError("TNT-814", { problems: [pooler] });
  const { rows } = await client.query<Facts>(FACTS);
  const [facts] = rows;
  if (facts === undefined) throw new Error("pg_roles has no row for current_user");
  const reach = isolation === "partitions" ? (await client.query<Reach>(REACH)).rows : [];
  const problems = [...judgeConnection(facts, isolation), ...judgeReach(facts.role, reach)];
  if (problems.length > 0) throw new TenantryError("TNT-814", { problems });
  if (isolation === "partitions") {
    const prepared = await client.query<Pick<Facts, "prepared">>(PARTITIONS_PREPARED);
    if (prepared.rows[0]?.prepared !== true) throw new TenantryError("TNT-853", { database });
  } else if (!facts.prepared) throw new TenantryError("TNT-815", { database });
}

/** A transaction of three round trips must stay on one server connection, and keep what is set in it. */
async function checkPooler(client: pg.ClientBase): Promise<string | undefined> {
  const processes: unknown[] = [];
  try {
    await client.query("begin");
    await client.query("select set_config('app.current_tenant', 'check', true)");
    for (let round = 0; round < 2; round += 1) {
      const { rows } = await client.query<{ process: number; kept: string }>(
        "select pg_backend_pid() as process, current_setting('app.current_tenant', true) as kept",
      );
      processes.push(rows[0]?.process, rows[0]?.kept);
    }
    await client.query("commit");
  } catch (error) {
    return `a transaction is refused (${error instanceof Error ? error.message : String(error)}): a pooler in statement mode cannot be used; set pool_mode = transaction, or session`;
  }
  const [first, kept, second, keptStill] = processes;
  return first === second && kept === "check" && keptStill === "check"
    ? undefined
    : "statements of one transaction reach several server connections: set the pooler's mode to transaction, or session";
}

/** Everything about a login that lets it pass by a scope. */
export function judgeConnection(
  facts: Omit<Facts, "prepared" | "process">,
  isolation: PoolSettings["isolation"],
): string[] {
  const { role } = facts;
  return [
    ...(facts.superuser
      ? [
          `the role ${role} is a superuser, which no right holds back: log in as the application's role`,
        ]
      : []),
    ...(facts.bypasses
      ? [`the role ${role} bypasses row level security: alter role ${role} nobypassrls`]
      : []),
    ...(facts.owned === null || facts.superuser
      ? []
      : [
          `the role ${role} owns ${facts.owned}, or inherits from its owner: log in as the application's role`,
        ]),
    ...(isolation === "strict" && facts.inherited !== null && !facts.superuser
      ? [
          `the role ${role} may use ${facts.inherited} without its tenant's role: grant that role with inherit false`,
        ]
      : []),
    ...(facts.path.includes("tenant_")
      ? [
          `search_path is ${facts.path} outside of any scope: take the tenant out (alter role ${role} reset search_path), and never set it in the pooler`,
        ]
      : []),
    ...(facts.current === null
      ? []
      : [
          `app.current_tenant is ${facts.current} outside of any scope: take it out (alter role ${role} reset app.current_tenant), and never set it in the pooler`,
        ]),
    ...(facts.creates && !facts.superuser
      ? [
          `the role ${role} may create in schema public, which each scope reads: revoke create on schema public from public`,
        ]
      : []),
    ...(facts.temporary && !facts.superuser
      ? [
          `the role ${role} may make temporary tables, which stay for the next tenant: revoke temporary on database .. from public`,
        ]
      : []),
  ];
}

/** The tables whose rows no policy holds back from a login. */
const judgeReach = (role: string, reach: readonly Reach[]): string[] =>
  reach.flatMap(({ table, truncates, guarded }) => [
    ...(guarded
      ? []
      : [`the role ${role} may use ${table}, and no row level security holds it back`]),
    ...(truncates ? [`the role ${role} may truncate ${table}, which asks no policy`] : []),
  ]);
