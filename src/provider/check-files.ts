import type { CheckFailure } from "../protocol/resource-handler.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import { mapOf, matching } from "./check-properties.ts";
import type { Rule } from "./check-properties.ts";

/** Migrations as inputs: the SHA-256 of each file by its name. */
export const migrationFiles: Rule = mapOf(matching(/^[0-9a-f]{64}$/, "a SHA-256 in hexadecimal"));

/** Migrations that ran are history: each file that was there before has to be there still, as it was. */
export function checkUnchangedFiles(
  property: string,
  directory: string,
  before: Value | undefined,
  now: Value | undefined,
): CheckFailure[] {
  if (!isObject(before) || !isObject(now)) return [];
  return Object.entries(before).flatMap(([name, checksum]) => {
    if (now[name] === checksum) return [];
    const what = now[name] === undefined ? "is gone" : "was edited";
    return [
      {
        property: `${property}[${JSON.stringify(name)}]`,
        reason: `The migration ${directory}/${name} ${what} after it ran. Bring it back as it was, and write the change as a new file with the next number.`,
      },
    ];
  });
}

/** Of declared migrations, those whose numbers ran: a refresh shows what is missing as something to do. */
export function filesThatRan(files: Value | undefined, numbers: readonly number[]): Properties {
  if (!isObject(files)) return {};
  return Object.fromEntries(
    Object.entries(files).filter(([name]) => numbers.includes(Number.parseInt(name))),
  );
}

/** The version a database has after these files: the highest number that a name begins with. */
export function newestVersion(files: Value | undefined): number {
  if (!isObject(files)) return 0;
  return Math.max(0, ...Object.keys(files).map((name) => Number.parseInt(name)));
}
