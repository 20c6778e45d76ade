import { TENANT_ID, TENANT_SCHEMA_PREFIX } from "./names.ts";
import { PLATFORM_SCHEMAS } from "./privileges.ts";

/** Ids that would be read as something else: commands take `all` and `none`, `default` is the partition of orphans. */
const RESERVED_IDS: readonly string[] = ["all", "none", "default", "public", ...PLATFORM_SCHEMAS];
/** Keywords of pg_hba.conf and of GRANT, and databases and roles that every server has. */
const RESERVED_NAMES = [
  ...["all", "none", "public", "replication", "sameuser", "samerole", "samegroup"],
  ...["postgres", "template0", "template1", "current_role", "current_user", "session_user"],
];
/** Columns that every table has, PostgreSQL's and ours. */
const RESERVED_COLUMNS = ["id", "tableoid", "xmin", "xmax", "cmin", "cmax", "ctid"];

/** The most characters of a tenant id, role, database or column. */
const MOST_CHARACTERS = 48;

/** What a name as such must keep to; they are lower case so that they need no quotes in psql. */
function shapeProblem(name: string): string | undefined {
  const length = Array.from(name).length;
  if (length > MOST_CHARACTERS)
    return `has ${length} characters, at most ${MOST_CHARACTERS} are allowed: with prefixes it must fit PostgreSQL's 63 bytes`;
  if (TENANT_ID.test(name)) return undefined;
  const proposal = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
  const hint = TENANT_ID.test(proposal) ? `: write ${proposal}` : "";
  return `must begin with a letter a-z and hold only a-z, 0-9 and _${hint}`;
}

/** Why this cannot be a tenant's id, or undefined when it can. */
export function tenantIdProblem(id: string): string | undefined {
  if (/^pg_/i.test(id)) return "must not begin with pg_, which is PostgreSQL's own prefix";
  if (id.toLowerCase().startsWith(TENANT_SCHEMA_PREFIX))
    return `must not begin with ${TENANT_SCHEMA_PREFIX}: the schema's name gets this prefix by itself`;
  if (RESERVED_IDS.includes(id.toLowerCase()))
    return `is a reserved word (${RESERVED_IDS.join(", ")}): choose another`;
  return shapeProblem(id);
}

/** Why this cannot be the name of the database or of a role, or undefined when it can. */
export function objectNameProblem(name: string): string | undefined {
  if (/^pg_/i.test(name)) return "must not begin with pg_, which is PostgreSQL's own prefix";
  if (name.toLowerCase().startsWith(TENANT_SCHEMA_PREFIX))
    return `must not begin with ${TENANT_SCHEMA_PREFIX}, the prefix of the tenants' own roles`;
  if (RESERVED_NAMES.includes(name.toLowerCase()))
    return `is a reserved word (${RESERVED_NAMES.join(", ")}): choose another`;
  return shapeProblem(name);
}

/** Why this cannot be the partition key's column, or undefined when it can. */
export function columnNameProblem(name: string): string | undefined {
  if (RESERVED_COLUMNS.includes(name.toLowerCase()))
    return `is a column that tables have already (${RESERVED_COLUMNS.join(", ")}): choose another`;
  return shapeProblem(name);
}

/** How a name reads for one who does not look closely: two names that fold alike are taken for one. */
export function foldName(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
