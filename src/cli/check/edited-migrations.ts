import type { Problem } from "../../settings/problem.ts";

const MIGRATION = /^sql\/(?:books|central|parametros|shared|tenant)\/[^/]+\.sql$/;

export const isMigration = (file: string): boolean => MIGRATION.test(file);

export interface MigrationChange {
  readonly file: string;
  readonly before: string;
  /** Nothing when the file is gone. */
  readonly after: string | undefined;
}

/** The first line, from 1, in which two texts differ. */
function firstDifference(before: string, after: string): number {
  const old = before.split("\n");
  const lines = after.split("\n");
  const index = lines.findIndex((line, at) => line !== old[at]);
  return (index === -1 ? lines.length - 1 : index) + 1;
}

/**
 * Migrations of an earlier revision, which ran wherever that was deployed, that are other ones now. Line ends are left
 * aside, as in their checksums.
 *
 * @param base the name of the earlier revision
 */
export function editedMigrations(base: string, changes: readonly MigrationChange[]): Problem[] {
  const unix = (text: string): string => text.replaceAll("\r\n", "\n");
  return changes.flatMap(({ file, before, after }): Problem[] => {
    if (after === undefined)
      return [{ file, rule: `is a migration of ${base} and gone: put it back` }];
    if (unix(after) === unix(before)) return [];
    const line = firstDifference(unix(before), unix(after));
    const rule = `differs from ${base}, where this migration may have run: put it back as it was, and write the change as a new migration`;
    return [{ file, line, rule }];
  });
}
