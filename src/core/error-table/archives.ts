import { error, nameSome, show } from "./entry.ts";

/** 7xx: archives. */
export const ARCHIVE_ERRORS = {
  "TNT-701": error<{ file: string; reason: string }>({
    title: "No archive, or a damaged one",
    text: ({ file, reason }) =>
      `${file} is no whole archive of a tenant: ${reason}. Nothing was changed. Take another archive ("npx tenantry archives" lists them).`,
    remedy:
      "An archive is a tar file, compressed with zstd or gzip, that begins with contents.json and ends with manifest.json; it may be encrypted, as an OpenPGP message with AES-256-GCM and nothing else, and is so when its name ends with .pgp. A transfer that was cut short, or a bad disk, damages it; the checksum in the books tells.",
  }),
  "TNT-702": error<{ file: string; format: number; known: number }>({
    title: "An archive of a later format",
    text: ({ file, format, known }) =>
      `${file} has the format ${format}; this version of tenantry reads up to ${known}. Use the version that wrote it, or a later one.`,
    remedy: "The format's number is raised when older versions could not read what is written.",
  }),
  "TNT-703": error<{ file: string; reason: string }>({
    title: "An archive that cannot be read",
    text: ({ file, reason }) =>
      `${file} cannot be read: ${reason}. Nothing was changed. Bring the file back to that place, or mend the way to it.`,
    remedy:
      "The books remember where an archive was written. On another machine, or after the folder was moved, it is not there. A bucket also needs its server, a key with the right to list and to read, and a connection that lasts.",
  }),
  "TNT-704": error<{ id: string; objects: readonly string[] }>({
    title: "What no migration made is neither archived nor cloned",
    text: ({ id, objects }) =>
      `The schema of tenant ${show(id)} is not what its migrations made: ${nameSome(objects)}. An archive or a clone takes its rows only, into tables that the migrations make; so these would be lost. Nothing was written. Make them by a migration, or remove them.`,
    remedy:
      "`npx tenantry refresh` lists the same differences. An object that somebody made by hand has to become a migration, or go.",
  }),
  "TNT-705": error<{ file: string; problems: readonly string[] }>({
    title: "An archive that does not hold what it says",
    text: ({ file, problems }) =>
      `${file} does not give back what it says it holds: ${nameSome(problems)}. It was not taken. Write a new archive, and keep this one for an inquiry.`,
    remedy:
      "Every archive is restored into a schema that nobody sees, read back and compared by rows and contents. One that fails is never counted as proven.",
  }),
  "TNT-706": error<{ id: string; version: number; newest: number }>({
    title: "An archive of later migrations",
    text: ({ id, version, newest }) =>
      `The archive of tenant ${show(id)} is at migration ${version}; sql/tenant ends with ${newest}. Use the checkout that it was written with, or a later one.`,
    remedy: "An archive's tables are made by the migrations it was written under.",
  }),
  "TNT-707": error<{ file: string; checksum: string; found: string }>({
    title: "Another file than the archive",
    text: ({ file, checksum, found }) =>
      `${file} is not the archive that was proven: its SHA-256 is ${found}, and ${checksum} is in the books. Nothing was dropped. Bring the file back from a copy, or write a new archive (npx tenantry backup).`,
    remedy: "The file was changed, damaged or replaced after it was written.",
  }),
  "TNT-708": error<{ id: string; file: string; differences: readonly string[] }>({
    title: "Other rows than those that were archived",
    text: ({ id, file, differences }) =>
      `The tenant ${show(id)} does not hold what its archive ${file} does: ${nameSome(differences)}. Nothing was dropped. Look who wrote there, run "npx tenantry backup ${id} --verify", and remove it then.`,
    remedy:
      "Nobody but the owner and superusers can write into a retired tenant. The rows are counted under a lock, right before the drop.",
  }),
  "TNT-709": error<{ failed: number; archived: number }>({
    title: "Tenants that were not archived",
    text: ({ failed, archived }) =>
      `${failed} tenant${failed === 1 ? " was" : "s were"} not archived, ${archived} were. Each is named above with its reason. Mend it and run the command again with --older-than, which leaves out what is done.`,
    remedy:
      "`backup --all` goes on after a failure, so that one tenant does not cost the others their archive.",
  }),
  "TNT-710": error<{ id: string; pin: number; version: number }>({
    title: "A pin before the migration of the rows",
    text: ({ id, pin, version }) =>
      `The tenant ${show(id)} is pinned at migration ${pin}, and the rows that it begins with are at ${version}. Migrations do not go back. Pin it at ${version} or later, or leave the pin out.`,
    remedy:
      "A restored tenant has the tables of its archive, a clone those of its source, and both go forward from there.",
  }),
  "TNT-711": error<{ id: string }>({
    title: "A tenant that was lost is neither restored nor cloned in place",
    text: ({ id }) =>
      `The tenant ${show(id)} is in the registry, but its schema is gone. Nothing was changed. Give the new tenant another id; or forget this one first: take it off the list as retired (see "TNT-411"), and restore it then.`,
    remedy:
      "Somebody dropped the schema outside of tenantry. What the registry knows of it is kept until people decide.",
  }),
  "TNT-712": error<{ file: string; reason: string }>({
    title: "An archive that could not be written",
    text: ({ file, reason }) =>
      `The archive ${file} could not be written: ${reason}. Nothing is left of it, and the tenant is as it was. Make room or give the right to write there, or choose another place (tenantry:archives), and run the command again.`,
    remedy:
      "A folder gets an archive under another name, which becomes its own when it is whole and on the disk; a bucket shows a file only when all of it is there. A full disk, no right to write, a bucket that is not there or a connection that breaks stops it before.",
  }),
  "TNT-720": error<{ file: string }>({
    title: "An encrypted archive and no passphrase",
    text: ({ file }) =>
      `${file} is encrypted, and this stack has no passphrase for archives. Nothing was changed. Set the one it was encrypted with: pulumi config set --secret archivePassphrase; or, for an archive of another stack, the variable TENANTRY_ARCHIVE_PASSPHRASE.`,
    remedy:
      "An archive is encrypted when the stack that wrote it has the secret `tenantry:archivePassphrase`. Nobody can read it without that passphrase.",
  }),
  "TNT-721": error<{ file: string }>({
    title: "A passphrase that does not open an archive",
    text: ({ file }) =>
      `${file} is encrypted with another passphrase than those that are known here, or its beginning is damaged. Nothing was changed. Give the one it was encrypted with: in the secret formerArchivePassphrases of the stack, or in the variable TENANTRY_ARCHIVE_PASSPHRASE.`,
    remedy:
      "Tried are the secrets `tenantry:archivePassphrase` and `tenantry:formerArchivePassphrases` (one a line) and the variable `TENANTRY_ARCHIVE_PASSPHRASE`. An archive keeps the passphrase that it was written with.",
  }),
  "TNT-722": error<{ oldest: number; found: readonly string[] }>({
    title: "No pg_dump that reads the server",
    text: ({ oldest, found }) =>
      `An archive in pg_dump's format needs a pg_dump of version ${oldest} or newer: ${found.join("; ")}. Nothing was written. Install one, or say where one is: TENANTRY_PG_DUMP=/usr/lib/postgresql/${oldest}/bin/pg_dump.`,
    remedy:
      "pg_dump refuses servers newer than itself. Looked for are the one that the variable `TENANTRY_PG_DUMP` names; else `pg_dump` on $PATH, and that of the container for the target docker. Archives of rows need no program.",
  }),
  "TNT-723": error<{ schema: string; reason: string }>({
    title: "A pg_dump that failed",
    text: ({ schema, reason }) =>
      `pg_dump did not write the schema ${schema}: ${reason}. Nothing is left of the file, and the tenant is as it was. Mend what it says and run the command again.`,
    remedy:
      "The words are pg_dump's own. It logs in as the administrator, and reads as the owner role when that is no superuser; a table that somebody locks for more than 10 s stops it.",
  }),
} as const;
