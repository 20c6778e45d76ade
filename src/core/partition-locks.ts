import { quoteLiteral } from "./identifier.ts";
import { defaultOf, parentOf } from "./shared-table.ts";
import type { SharedTable } from "./shared-table.ts";

/**
 * What a shared table is locked against. When a partition is attached: who writes through it. A writer that got further
 * would wait at DEFAULT with its mind made up that the row belongs there, and be refused (23514), or not find the row it
 * changes. Readers of other partitions go on. When one is detached or dropped, PostgreSQL itself keeps everybody out.
 */
const PARENT_LOCK = { attach: "exclusive", drop: "access exclusive" } as const;

/** How long each lock is waited for, since others queue behind whoever waits. */
const WAIT = "200ms";
/** How often all of them are tried in one statement: in some 4 s, with the pauses in which others go on. */
const TRIES = 12;

/**
 * Takes the locks that attaching or dropping partitions needs, before PostgreSQL would: each shared table and then its
 * DEFAULT partition, as writers do, in the order of the names. All come within moments, or all are given up and tried
 * again; then it fails as a lock timeout does. From here to the end of the transaction no lock is waited for longer.
 */
export function lockForPartitions(
  tables: readonly SharedTable[],
  change: keyof typeof PARENT_LOCK,
): string[] {
  if (tables.length === 0) return [];
  const inOrder = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...(change === "attach" ? [standInLine(inOrder)] : []),
    `set local lock_timeout = '${WAIT}'`,
    `do ${quoteLiteral(patiently(inOrder.flatMap((table) => locks(table, change))))}`,
  ];
}

/** Those who attach wait for each other here, where they keep nobody else waiting, and so need no short patience. */
const standInLine = (tables: readonly SharedTable[]): string =>
  `lock table ${tables.map((table) => `only ${parentOf(table)}`).join(", ")} in share update exclusive mode`;

function locks(table: SharedTable, change: keyof typeof PARENT_LOCK): string[] {
  const orphans = defaultOf(table);
  return [
    `lock table only ${parentOf(table)} in ${PARENT_LOCK[change]} mode`,
    ...(orphans === undefined ? [] : [`lock table ${orphans} in access exclusive mode`]),
  ];
}

const patiently = (statements: readonly string[]): string => `
begin
  for attempt in 1..${TRIES} loop
    begin
      ${statements.join(";\n      ")};
      return;
    exception when lock_not_available or deadlock_detected then
      if attempt = ${TRIES} then
        raise;
      end if;
    end;
    perform pg_sleep(0.05 + 0.2 * random());
  end loop;
end`;
