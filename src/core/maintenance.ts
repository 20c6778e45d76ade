/** What is done to each table. */
export type MaintenanceWork =
  | {
      readonly does: "vacuum";
      /** Writes the table anew, without its holes; nobody reads or writes it meanwhile. */
      readonly full: boolean;
      readonly analyze: boolean;
    }
  | {
      readonly does: "reindex";
      /** Lets writers go on: each index is built beside the old one. */
      readonly concurrently: boolean;
    }
  | { readonly does: "analyze" };

/** The work in words, the same for the same work: a run that was interrupted is found again by it. */
export function workName(work: MaintenanceWork): string {
  switch (work.does) {
    case "vacuum": {
      const options = [...(work.full ? ["full"] : []), ...(work.analyze ? ["analyze"] : [])];
      return options.length === 0 ? "vacuum" : `vacuum (${options.join(", ")})`;
    }
    case "reindex":
      return work.concurrently ? "reindex concurrently" : "reindex";
    case "analyze":
      return "analyze";
  }
}

/** The statement for one table. @param table quoted, with its schema */
export function maintenanceStatement(work: MaintenanceWork, table: string): string {
  switch (work.does) {
    case "vacuum":
      return `${workName(work)} ${table}`;
    case "reindex":
      return `reindex table ${work.concurrently ? "concurrently " : ""}${table}`;
    case "analyze":
      return `analyze ${table}`;
  }
}

/** A lock that shuts others out of a table, and what the table can be meanwhile. */
export interface TableLock {
  readonly mode: string;
  readonly shutsOut: string;
}

/** The lock that some work takes; undefined when others notice nothing. */
export function lockOf(work: MaintenanceWork): TableLock | undefined {
  if (work.does === "vacuum" && work.full)
    return { mode: "ACCESS EXCLUSIVE", shutsOut: "can be neither read nor written" };
  if (work.does === "reindex" && !work.concurrently)
    return { mode: "SHARE", shutsOut: "cannot be written, and its indexes not read," };
  return undefined;
}

/**
 * How long a table is waited for before it is left out, in seconds. Behind a statement that waits for a lock which
 * shuts others out everybody queues; REINDEX CONCURRENTLY waits for older transactions and holds up nobody.
 */
export function patienceFor(work: MaintenanceWork): number {
  if (lockOf(work) !== undefined) return 1;
  return work.does === "reindex" ? 60 : 4;
}

/** How many tenants are worked on at once: disks are the limit. VACUUM FULL needs room for each table it writes anew. */
export function workersFor(work: MaintenanceWork): number {
  return work.does === "vacuum" && work.full ? 1 : 2;
}
