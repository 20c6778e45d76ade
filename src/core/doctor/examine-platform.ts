import { compareObjects, objectOf } from "../differences.ts";
import { quoteIdentifier } from "../identifier.ts";
import type { PartitionPlacement } from "../partition.ts";
import { PLATFORM_SCHEMAS, platformDefaultGrants, platformGrants } from "../privileges.ts";
import type { RoleNames } from "../roles.ts";
import type { Finding, Repair } from "./finding.ts";
import type { FindingCode } from "./finding-table.ts";

/** A right on the database, a schema, or what will be made in one; see sql/doctor/rights.sql. */
export interface PlatformRight {
  /** `database`, `schema`, `new tables` .. */
  readonly on: string;
  readonly name: string;
  readonly privilege: string;
  readonly grantee: string;
}

/** What the schema of an area holds, rights included; see sql/fleet/area-objects.sql. */
interface Area {
  readonly area: string;
  readonly objects: readonly string[];
  readonly expected: readonly string[] | null;
}

const quoteRole = (role: string): string => (role === "public" ? role : quoteIdentifier(role));

/** The rights on the database and on whole schemas that differ from the declared ones. */
export function examineRights(
  actual: readonly PlatformRight[],
  roles: RoleNames,
  database: string,
  partitions?: PartitionPlacement,
): Finding[] {
  const key = (right: PlatformRight): string =>
    JSON.stringify([right.on, right.name, right.privilege, right.grantee]);
  const expected = declaredRights(roles, database, partitions);
  const [wanted, found] = [new Set(expected.map(key)), new Set(actual.map(key))];
  return [
    ...expected
      .filter((right) => !found.has(key(right)))
      .map((right) => rightFinding("DOC-64", right, grantStatement("grant", right, roles))),
    ...actual
      .filter((right) => !wanted.has(key(right)))
      .map((right) => {
        const inPublic = right.on === "schema" && right.name === "public";
        const code = inPublic && right.privilege === "create" ? "DOC-67" : "DOC-65";
        return rightFinding(code, right, grantStatement("revoke", right, roles));
      }),
  ];
}

function declaredRights(
  roles: RoleNames,
  database: string,
  partitions?: PartitionPlacement,
): PlatformRight[] {
  const grants = platformGrants(roles, database, partitions).filter(
    ({ role }) => role !== roles.owner,
  );
  return [
    ...grants.flatMap(({ role, on, name, privileges }) =>
      privileges.map((right) => ({ on, name, privilege: right.toLowerCase(), grantee: role })),
    ),
    ...platformDefaultGrants(roles).flatMap(({ role, schema, objects, privileges }) =>
      privileges.map((right) => ({
        ...{ on: `new ${objects}s`, name: schema, privilege: right.toLowerCase(), grantee: role },
      })),
    ),
  ];
}

function rightFinding(code: FindingCode, right: PlatformRight, text: string): Finding {
  const { on, name, privilege, grantee } = right;
  const place = on.startsWith("new ") ? `${on} in schema ${name}` : `${on} ${name}`;
  return {
    code,
    subject: place,
    found: `${privilege} to ${grantee}`,
    repair: { by: "statements", texts: [text], administrator: false },
  };
}

function grantStatement(
  verb: "grant" | "revoke",
  { on, name, privilege, grantee }: PlatformRight,
  roles: RoleNames,
): string {
  const toWhom = `${verb === "grant" ? "to" : "from"} ${quoteRole(grantee)}`;
  return on.startsWith("new ")
    ? `alter default privileges for role ${quoteIdentifier(roles.owner)} in schema ${quoteIdentifier(name)} ` +
        `${verb} ${privilege} on ${on.slice("new ".length)} ${toWhom}`
    : `${verb} ${privilege} on ${on} ${quoteIdentifier(name)} ${toWhom}`;
}

/** What the shared schemas hold, and who has rights there, that differs from what was written down. */
export function examineAreas(areas: readonly Area[]): Finding[] {
  return areas.flatMap(({ area, objects, expected }) => {
    const schema = area === "books" ? "tenantry" : area;
    if (expected === null) return [{ code: "DOC-63" as const, subject: schema, found: "" }];
    const { missing, undeclared, changed } = compareObjects(expected, objects);
    const isRight = (line: string): boolean => line.startsWith("grant ");
    const about = (code: FindingCode, line: string): Finding => {
      const { name, definition } = objectOf(line);
      return { code, subject: `${schema} ${name}`, found: definition };
    };
    const object = (line: string): boolean => !isRight(line);
    return [
      ...missing.filter(object).map((line) => about("DOC-60", line)),
      ...undeclared.filter(object).map((line) => about("DOC-61", line)),
      ...changed.map(({ name, expected: before, actual }): Finding => ({
        ...{ code: "DOC-62", subject: `${schema} ${name}`, found: `${actual}; was ${before}` },
      })),
      ...missing.filter(isRight).map((line) => grantFinding("DOC-64", schema, line, line)),
      ...undeclared.filter(isRight).map((line) => {
        const code = area === "shared" ? "DOC-66" : "DOC-65";
        return grantFinding(code, schema, line, revokeOf(line));
      }),
    ];
  });
}

const grantFinding = (
  code: FindingCode,
  schema: string,
  line: string,
  statement: string,
): Finding => ({
  code,
  subject: schema,
  found: line.slice("grant ".length),
  repair: { by: "statements", texts: [statement], administrator: false },
});

/** The last `to` before a name, which may itself hold one when it is quoted. */
const GRANT = /^grant (.*) to ((?:"(?:[^"]|"")*"|[^"\s]+))$/s;

const revokeOf = (grant: string): string => grant.replace(GRANT, "revoke $1 from $2");

/** What in the shared schemas belongs to another role than the owner; objects as ALTER names them. */
export function examineOwners(
  rows: readonly { readonly object: string; readonly owner: string }[],
  { owner }: Pick<RoleNames, "owner">,
): Finding[] {
  return rows.map(({ object, owner: found }) => {
    const repair: Repair = {
      by: "statements",
      texts: [`alter ${object} owner to ${quoteIdentifier(owner)}`],
      administrator: true,
    };
    return { code: "DOC-68", subject: object, found: `belongs to ${found}`, repair };
  });
}

/** The schemas the platform declares; those that are gone. */
export function examineSchemas(present: readonly string[]): Finding[] {
  return PLATFORM_SCHEMAS.filter((schema) => !present.includes(schema)).map((schema) => ({
    ...{ code: "DOC-60" as const, subject: `${schema} schema`, found: "the whole schema is gone" },
  }));
}
