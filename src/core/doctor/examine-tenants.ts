import { objectOf } from "../differences.ts";
import type { RoleNames } from "../roles.ts";
import { objectsDrift, rightsDrift, wrongOwners } from "../tenant-drift.ts";
import type { Stranger } from "../tenant-drift.ts";
import type { RegistryRow, TenantSnapshot } from "../tenant-snapshot.ts";
import { tenantMark } from "../tenant.ts";
import type { TenantSpec } from "../tenant.ts";
import { tenantSchema } from "../names.ts";
import type { Finding } from "./finding.ts";
import type { FindingCode } from "./finding-table.ts";
import { groupRights } from "./group-rights.ts";

/** A tenant of the registry beside the schema of its name; see sql/doctor/tenants.sql. */
export interface PatientRow {
  readonly registry: (RegistryRow & { readonly ran: readonly number[] }) | null;
  readonly schema: (NonNullable<TenantSnapshot["schema"]> & { readonly name: string }) | null;
  readonly role: TenantSnapshot["role"];
}

/** What is in a tenant's schema; see `readCatalogs`. */
export interface PatientCatalog {
  readonly objects: readonly string[];
  readonly expected: readonly string[] | null;
  readonly rights: readonly string[];
  readonly relations: readonly string[];
  readonly strangers: readonly Stranger[];
}

/** What tenants are compared with. */
interface Declared {
  readonly stack: string;
  readonly roles: RoleNames;
  /** The newest tenant migration. */
  readonly newest: number;
}

/** A tenant whose schema is there and ours. */
export interface SoundPatient extends PatientRow {
  readonly registry: NonNullable<PatientRow["registry"]>;
  readonly schema: NonNullable<PatientRow["schema"]>;
}

/** Whether registry, schema's oid and schema's comment agree; only then is anything else worth looking at. */
export function isSound(row: PatientRow, stack: string): row is SoundPatient {
  const { registry, schema } = row;
  return (
    registry !== null &&
    schema !== null &&
    schema.oid === registry.schemaOid &&
    schema.comment === tenantMark(registry.key, stack)
  );
}

/** What is wrong with a tenant as a whole. */
export function examineRegistry(row: PatientRow, { stack, newest }: Declared): Finding[] {
  const { registry, schema } = row;
  if (registry === null)
    return [
      { code: "DOC-11", subject: schema?.name ?? "", found: "the registry does not know it" },
    ];
  const found = (code: FindingCode, text: string): Finding => ({
    ...{ code, subject: tenantSchema(registry.id), found: text, tenant: registry.id },
  });
  if (schema === null) return [found("DOC-10", `${registry.company}, version ${registry.version}`)];
  if (schema.oid !== registry.schemaOid)
    return [found("DOC-12", "it was made anew since the registry took note of it")];
  const mark = tenantMark(registry.key, stack);
  if (schema.comment !== mark)
    return [found("DOC-12", `its comment is not ${JSON.stringify(mark)}`)];
  const { version, pin, state, ran } = registry;
  const goal = Math.min(pin ?? newest, newest);
  const inOrder = ran.length === version && ran.every((number, index) => number === index + 1);
  return [
    ...(state !== "retired" && version < goal
      ? [found("DOC-13", `version ${version}, should be ${goal}`)]
      : []),
    ...(inOrder
      ? []
      : [found("DOC-14", `version ${version}; the ledger has ${ran.join(", ") || "nothing"}`)]),
  ];
}

/** What is wrong inside a tenant's schema. */
export function examineCatalog(
  { registry, schema, role }: SoundPatient,
  { roles, stack }: Declared,
  catalog: PatientCatalog,
): Finding[] {
  const { id, company, state, isolation, key } = registry;
  const spec: TenantSpec = { id, company, state, isolation };
  const found = (code: FindingCode, object: string, text: string): Finding => ({
    code,
    subject: object === "" ? schema.name : `${schema.name} ${object}`,
    found: text,
    tenant: id,
  });
  // Its statements would be refused (TNT-414).
  const foreignRole =
    isolation === "strict" && role !== null && role.comment !== tenantMark(key, stack);
  const repair = foreignRole ? {} : { repair: { by: "tenant", id } as const };
  const rights = rightsDrift(spec, roles, catalog);
  const objects = objectsDrift(catalog);
  const about = (code: FindingCode, line: string): Finding => {
    const { name, definition } = objectOf(line);
    return found(code, name, definition);
  };
  return [
    ...(catalog.expected === null ? [found("DOC-15", "", "")] : []),
    ...objects.missing.map((line) => about("DOC-20", line)),
    ...objects.undeclared.map((line) => about("DOC-21", line)),
    ...objects.changed.map(({ name, expected, actual }) =>
      found("DOC-22", name, `${actual}; was ${expected}`),
    ),
    ...groupRights(rights.missing).map((line) => ({ ...found("DOC-30", "", line), ...repair })),
    ...groupRights(rights.undeclared).map((line) => ({ ...found("DOC-31", "", line), ...repair })),
    ...wrongOwners(roles, schema.owner, catalog.strangers).map((line) => ({
      ...found("DOC-32", "", line),
      ...repair,
    })),
    ...(foreignRole ? [found("DOC-33", "", `role ${schema.name}`)] : []),
  ];
}
