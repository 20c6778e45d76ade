import { TenantryError } from "../core/errors.ts";

/** How a scope's transaction runs. */
export interface ScopeOptions {
  /** Whether the database refuses to write. Default: false. */
  readonly readOnly?: boolean;
  /** The level of isolation between transactions. Default: `read committed`. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  /**
   * How often the whole function runs again after a serialization failure or a deadlock (40001, 40P01), each time in a
   * new transaction and after a pause that grows. Default: 3 when `serializable`, else 0.
   */
  readonly retries?: number;
  /** Ends the scope when it aborts: its connection is closed, and the database takes everything back. */
  readonly signal?: AbortSignal;
}

const LEVELS = ["read committed", "repeatable read", "serializable"];
const KNOWN = ["readOnly", "isolation", "retries", "signal"];

/** @throws {TenantryError} TNT-816 with every mistake at once. */
export function checkScopeOptions(options: ScopeOptions): void {
  const { readOnly, isolation, retries, signal } = options;
  const problems = [
    ...Object.keys(options)
      .filter((name) => !KNOWN.includes(name))
      .map((name) => `${name} is not an option: they are ${KNOWN.join(", ")}`),
    ...(readOnly === undefined || typeof readOnly === "boolean"
      ? []
      : ["readOnly needs true or false"]),
    ...(isolation === undefined || LEVELS.includes(isolation)
      ? []
      : [`isolation needs one of ${LEVELS.join(", ")}`]),
    ...(retries === undefined || (Number.isInteger(retries) && retries >= 0 && retries <= 20)
      ? []
      : ["retries needs a whole number from 0 to 20"]),
    ...(signal === undefined || signal instanceof AbortSignal
      ? []
      : ["signal needs an AbortSignal"]),
  ];
  if (problems.length > 0) throw new TenantryError("TNT-816", { problems });
}

/** The statement that begins such a transaction. */
export function beginStatement({ isolation, readOnly }: ScopeOptions): string {
  const modes = [
    ...(isolation === undefined ? [] : [`isolation level ${isolation}`]),
    ...(readOnly === true ? ["read only"] : []),
  ];
  return ["begin", modes.join(", ")].join(" ").trim();
}
