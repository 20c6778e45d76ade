/** A kind of finding: what it is called, what it means, and what mends it. */
interface FindingEntry {
  readonly title: string;
  readonly meaning: string;
  readonly remedy: string;
  /** Whether `doctor --fix` repairs it: only where nothing can be lost. */
  readonly fixable: boolean;
}

const entry = (fixable: boolean, title: string, meaning: string, remedy: string): FindingEntry => ({
  title,
  meaning,
  remedy,
  fixable,
});

const FIX = "`npx tenantry doctor --fix` puts it right.";

/**
 * Everything the doctor can find. Codes are never reused. 1x the registry, 2x what a tenant's schema holds, 3x who may
 * do what there, 4x partitions, 5x migrations, 6x the shared schemas, 7x roles, 8x what
 * attacks on the isolation showed.
 */
export const FINDINGS = {
  "DOC-10": entry(
    false,
    "A tenant without a schema",
    "The registry has the tenant, and its schema is gone with all it held.",
    "Restore the schema from a backup. `npx tenantry refresh --accept-loss` and `npx tenantry up` make it anew, empty.",
  ),
  "DOC-11": entry(
    false,
    "A schema that no tenant has",
    "A schema is named like a tenant's, and the registry does not know it. tenantry never touches it, and refuses a tenant of that name.",
    "See whose it is; rename or drop it by hand. In a database that was copied, `npx tenantry adopt` takes its tenants over.",
  ),
  "DOC-12": entry(
    false,
    "A schema that is not the tenant's own",
    "The schema has the tenant's name, but it was made anew by hand or lost the comment that marks it: tenantry does not touch it.",
    "See how it came about. Put the comment back (`comment on schema`), or rename the schema and restore the tenant's own.",
  ),
  "DOC-13": entry(
    false,
    "A tenant that is behind",
    "Migrations have not run for the tenant: the last run failed there, or there was none since they were added.",
    "`npx tenantry up` runs them; its messages say what stops one.",
  ),
  "DOC-14": entry(
    false,
    "Registry and ledger disagree",
    "The version in the registry is not the last of the migrations that the ledger has for the tenant.",
    "Compare `tenantry.ledger` with what the schema holds, and correct the registry's version by hand.",
  ),
  "DOC-15": entry(
    false,
    "Nothing says what the schema should hold",
    "What the tenant's migrations made was never written down, so that changes by hand do not show.",
    "The tenant's next migration writes it down. Compare it with another tenant of the same version before.",
  ),
  "DOC-16": entry(
    false,
    "An archive in no book",
    "An archive lies where new ones go, and the books do not name it: a command was killed after it had written it and before it noted it, or another stack keeps its archives there. Nothing counts on it, and nothing touches it.",
    "Write another one: `npx tenantry backup ID --verify`. Then move this file elsewhere or delete it. `npx tenantry restore FILE` takes it like any other.",
  ),
  "DOC-17": entry(
    false,
    "Nobody can tell which archives there are",
    "The place of the archives cannot be listed: no right to read it, a bucket that does not answer. Retired tenants cannot be removed meanwhile.",
    "Mend the way to it, or `tenantry:archives`; the message says what the place said.",
  ),
  "DOC-20": entry(
    false,
    "Something is missing in a tenant's schema",
    "A migration made it, and somebody dropped or renamed it: a table, column, index, constraint, trigger, function.",
    "Make it again by hand with the statement in `sql/tenant/`; bring lost data back from a backup.",
  ),
  "DOC-21": entry(
    false,
    "Something in a tenant's schema that no migration made",
    "Somebody made it by hand. Other tenants do not have it, and the next migration may meet it.",
    "Make it a migration for all tenants, or move it out of the schema, or drop it.",
  ),
  "DOC-22": entry(
    false,
    "Something in a tenant's schema was changed",
    "It is there, but its type, default, definition or condition is not what the migrations made.",
    "Change it back by hand, or write a migration that gives all tenants the new form.",
  ),
  "DOC-23": entry(
    true,
    "An invalid index",
    "Building it failed or was interrupted. Queries do not use it, but each write pays for it.",
    `${FIX} One that a migration made is built again, any other is dropped; both without locking writers out.`,
  ),
  "DOC-24": entry(
    false,
    "A tenant that its migrations left different",
    "Its schema is as it was after its last migration, but other tenants of that version hold something else: somebody had changed one of them before.",
    "See which of them is right, and bring the others to it by hand or with a migration that runs on either.",
  ),
  "DOC-25": entry(
    true,
    "Autovacuum is not set as declared",
    "The table changes so much that a migration has autovacuum come sooner. Without the setting dead rows pile up, and the planner works with old statistics.",
    FIX,
  ),
  "DOC-26": entry(
    false,
    "A setting of autovacuum that no migration made",
    "Somebody set it by hand, for this tenant alone. With autovacuum switched off the table grows without end.",
    "`alter table .. reset (..)` takes it away. What is wanted belongs into a migration, as `alter table .. set (..)`.",
  ),
  "DOC-30": entry(
    true,
    "A right is missing",
    "The application lacks a right on the tenant's schema that the tenant's state and isolation give.",
    FIX,
  ),
  "DOC-31": entry(
    true,
    "A right that nobody declared",
    "Somebody may do something in the tenant's schema that its state and isolation do not give.",
    `${FIX} Grant it nowhere again: rights come with the tenant.`,
  ),
  "DOC-32": entry(
    true,
    "Another owner in a tenant's schema",
    "The schema or a table in it does not belong to the owner role: migrations will fail on it, and its owner may do anything with it.",
    FIX,
  ),
  "DOC-33": entry(
    false,
    "A tenant's role that is not ours",
    "A role has the name of the strict tenant's, without the comment that marks it. tenantry does not touch it.",
    "See whose it is; rename it, and run `npx tenantry doctor --fix`, which makes the tenant's own.",
  ),
  "DOC-40": entry(
    true,
    "A partition is missing",
    "The tenant has no partition of a shared table: its rows pile up in the DEFAULT partition, where it cannot read them.",
    `${FIX} Its rows move along.`,
  ),
  "DOC-41": entry(
    false,
    "A foreign partition",
    "A partition of a shared table is not in its tenant's schema under the table's name, or holds another tenant's rows.",
    "Detach it (`alter table .. detach partition`) and bring its rows where they belong.",
  ),
  "DOC-42": entry(
    false,
    "Orphans",
    "The DEFAULT partition of a shared table holds rows: of tenants that are not there, or have no partition.",
    "Add the tenant, or repair its partition (DOC-40): its rows move along. Rows with a mistyped key are corrected or deleted by hand.",
  ),
  "DOC-50": entry(
    false,
    "A migration that was changed after it ran",
    "The file is not the one that ran here: new tenants would be made differently.",
    "Put the file back as it was (`git log` names the change), and make the change a new migration.",
  ),
  "DOC-51": entry(
    false,
    "A migration whose file is gone",
    "It ran here, and its file was deleted or renamed.",
    "Put the file back.",
  ),
  "DOC-52": entry(
    false,
    "A shared schema is behind",
    "Files were added for it that have not run here.",
    "`npx tenantry up` runs them.",
  ),
  "DOC-60": entry(
    false,
    "Something is missing in a shared schema",
    "A migration made it in central, parametros, shared or tenantry, and somebody dropped or renamed it.",
    "Make it again by hand with the statement in its file below `sql/`; bring lost data back from a backup.",
  ),
  "DOC-61": entry(
    false,
    "Something in a shared schema that no migration made",
    "Somebody made it by hand in central, parametros, shared or tenantry.",
    "Make it a migration, or move it to a schema of your own, or drop it.",
  ),
  "DOC-62": entry(
    false,
    "Something in a shared schema was changed",
    "It is there, but its type, default, definition or condition is not what the migrations made.",
    "Change it back by hand, or write a migration that makes the new form.",
  ),
  "DOC-63": entry(
    false,
    "Nothing says what a shared schema should hold",
    "What its migrations made was never written down, so that changes by hand do not show.",
    "`npx tenantry up` writes it down with the next migration of the books.",
  ),
  "DOC-64": entry(
    true,
    "A right on a shared schema is missing",
    "A role lacks a right that is declared for it: part of the application fails.",
    FIX,
  ),
  "DOC-65": entry(
    true,
    "A right on a shared schema that nobody declared",
    "Somebody may do something with the database or a shared schema that is declared nowhere.",
    `${FIX} Rights that are wanted belong into a migration.`,
  ),
  "DOC-66": entry(
    true,
    "A right on a shared table",
    "The shared tables hold the rows of all tenants. Whoever has rights on them reads tenants that are suspended, or another's.",
    `${FIX} Applications reach their own partition, in the tenant's schema.`,
  ),
  "DOC-67": entry(
    true,
    "A role may create in schema public",
    "Schema public is on the search_path of applications: what is made there can stand in for a function or table of theirs.",
    FIX,
  ),
  "DOC-68": entry(
    true,
    "Another owner in a shared schema",
    "It does not belong to the owner role: migrations will fail on it, and its owner may do anything with it.",
    FIX,
  ),
  "DOC-70": entry(
    false,
    "A role is missing",
    "A role of the platform was dropped or renamed.",
    "`npx tenantry refresh` sees it, and `npx tenantry up` makes it again.",
  ),
  "DOC-71": entry(
    false,
    "A role may more, or less, than it should",
    "An attribute of a role, such as LOGIN or SUPERUSER, is not as declared.",
    "`alter role` puts it right. See who changed it, and what was done with it.",
  ),
  "DOC-72": entry(
    false,
    "A membership that nobody declared, or that is missing",
    "A member has the rights of the role it is in, or may take them.",
    "`revoke` or `grant` puts it right. See who changed it, and what was done with it.",
  ),
  "DOC-73": entry(
    false,
    "A setting of a role",
    "Somebody gave the role a setting of its own (`alter role .. set`), such as a search_path that leads elsewhere.",
    "`alter role .. reset` takes it away. What all sessions need belongs into `config/postgresql.conf`.",
  ),
  "DOC-80": entry(
    false,
    "The application's login is not held back",
    "A right or setting of the role lets its sessions pass by what a tenant's scope sets.",
    "The message names each with the statement that mends it. See who changed it.",
  ),
  "DOC-81": entry(
    false,
    "An attack on the isolation was not refused",
    "`doctor --isolation` logged in as the application and got at what a scope must not reach. It read no row; others may have.",
    "Shut the application out until it is mended. `npx tenantry doctor` names rights that nobody declared; [isolation](isolation.md) says what each mode must refuse.",
  ),
} as const satisfies Record<string, FindingEntry>;

/** A code of the table, `DOC-nn`. */
export type FindingCode = keyof typeof FINDINGS;
