import type { KnownMigration, Migration, MigrationArea } from "../migration.ts";
import type { Finding } from "./finding.ts";

/** The migrations of an area: the files, and what ran. */
export interface AreaMigrations {
  readonly area: MigrationArea;
  readonly files: readonly Migration[];
  readonly known: readonly KnownMigration[];
}

/** The files that are not what ran, and the shared schemas that lack some. */
export function examineMigrations(areas: readonly AreaMigrations[]): Finding[] {
  return areas.flatMap(({ area, files, known }) => {
    const changed = known.flatMap(({ number, name, checksum }): Finding[] => {
      const subject = `sql/${area}/${name}`;
      const file = files[number - 1];
      if (file === undefined) return [{ code: "DOC-51", subject, found: "" }];
      if (file.name !== name)
        return [{ code: "DOC-51", subject, found: `in its place is sql/${area}/${file.name}` }];
      return file.checksum === checksum ? [] : [{ code: "DOC-50", subject, found: "" }];
    });
    // Each tenant has a version of its own.
    const added = area === "tenant" ? [] : files.slice(known.length);
    return [
      ...changed,
      ...added.map(({ name }): Finding => ({
        ...{ code: "DOC-52", subject: `sql/${area}/${name}`, found: "it has not run" },
      })),
    ];
  });
}
