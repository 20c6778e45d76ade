import type { Pool } from "pg";
import { connectionProblem } from "../core/connection-problem.ts";
import type { ConnectionFailure } from "../core/connection-problem.ts";
import { messageOf, TenantryError } from "../core/errors.ts";
import type { ErrorCode } from "../core/errors.ts";

/** Where a connection was to go, for messages. */
export interface ConnectionPlace {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** Where a pool's connections go. */
export function placeOf({ options }: Pool): ConnectionPlace {
  const { host = "", port = 5432, database = "", user = "" } = options;
  return { host, port, database, user };
}

/** The error of a connection that did not come about, in our words where it is a usual mistake. */
export function connectionError(place: ConnectionPlace, cause: unknown): TenantryError {
  const reason = messageOf(cause);
  const { host, port, user } = place;
  const options = { cause };
  switch (connectionProblem(failureOf(cause))) {
    case "password":
      return new TenantryError("TNT-416", { host, port, user, reason }, options);
    case "authority":
      return new TenantryError("TNT-417", { host, port, reason }, options);
    case "name":
      return new TenantryError("TNT-418", { host, port, reason }, options);
    case "no-tls":
      return new TenantryError("TNT-419", { host, port }, options);
    case "tls-demanded":
      return new TenantryError("TNT-421", { host, port, reason }, options);
    case undefined:
      return new TenantryError("TNT-401", { ...place, reason }, options);
  }
}

const UNREACHABLE: readonly unknown[] = [
  "TNT-401",
  "TNT-416",
  "TNT-417",
  "TNT-418",
  "TNT-419",
  "TNT-420",
  "TNT-421",
] satisfies ErrorCode[];

/** Whether there is no way in, so that another attempt would fail alike. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TenantryError && UNREACHABLE.includes((error as TenantryError).code);
}

/** All that an error says: a host name may stand for several addresses, each with an error of its own. */
export function failureOf(error: unknown): ConnectionFailure {
  if (!(error instanceof Error)) return { codes: [], messages: [] };
  const { code } = error as NodeJS.ErrnoException;
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [error.cause];
  const behind = inner.map(failureOf);
  return {
    codes: [...(typeof code === "string" ? [code] : []), ...behind.flatMap(({ codes }) => codes)],
    messages: [error.message, ...behind.flatMap(({ messages }) => messages)],
  };
}
