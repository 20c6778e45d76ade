import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { Readable } from "node:stream";
import { TenantryError } from "../core/errors.ts";
import type { Connection } from "./pool.ts";

const execute = promisify(execFile);

/** The oldest pg_dump that reads PostgreSQL 16. */
const OLDEST = 16;

/** How long a table of the tenant may be locked by somebody else before the dump gives up. */
const LOCK_WAIT = "10s";

/** How much of what pg_dump complains of is kept, in characters. */
const KEPT_ERRORS = 4000;

/** A pg_dump that can read the server. */
export interface PgDump {
  /** The program, and what it takes to reach it. */
  readonly command: readonly [string, ...string[]];
  /** Whether it runs inside the server's container, whose own socket needs no password. */
  readonly inContainer: boolean;
}

export interface PgDumpPlaces {
  /** The one to use. Default: the first that will do of $PATH and of the server's container. */
  readonly path?: string | undefined;
  /** The server's container. */
  readonly container?: string | undefined;
}

/**
 * Finds a pg_dump that can read PostgreSQL 16.
 *
 * @throws {TenantryError} TNT-722 when there is none, or only older ones
 */
export async function findPgDump({ path, container }: PgDumpPlaces): Promise<PgDump> {
  const inContainer = ["docker", "exec", "--user", "postgres", container ?? "", "pg_dump"] as const;
  const places: readonly PgDump[] =
    path !== undefined
      ? [{ command: [path], inContainer: false }]
      : [
          { command: ["pg_dump"], inContainer: false },
          ...(container === undefined ? [] : [{ command: inContainer, inContainer: true }]),
        ];
  const found: string[] = [];
  for (const place of places) {
    const version = await versionOf(place);
    if (version !== undefined && Number.parseInt(version, 10) >= OLDEST) return place;
    found.push(`${place.command.join(" ")}: ${version ?? "it does not run"}`);
  }
  throw new TenantryError("TNT-722", { oldest: OLDEST, found });
}

/** `16.2`; undefined for what does not run. */
async function versionOf({ command: [program, ...args] }: PgDump): Promise<string | undefined> {
  try {
    const { stdout } = await execute(program, [...args, "--version"]);
    return /pg_dump \(PostgreSQL\) (\d\S*)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

export interface DumpOptions {
  readonly connection: Connection;
  readonly schema: string;
  /** Reads the tables. Default: who logs in. */
  readonly role?: string | undefined;
  /** What `pg_export_snapshot()` gave: the dump holds what that transaction sees. */
  readonly snapshot: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A schema in pg_dump's custom format, while it is written. The password is in the environment of pg_dump, never in its
 * arguments.
 *
 * @throws {TenantryError} TNT-723 at the end, when pg_dump failed
 */
export function dumpSchema(
  { command: [program, ...prefix], inContainer }: PgDump,
  { connection, schema, role, snapshot, signal }: DumpOptions,
): Readable {
  const { user, database } = connection;
  const args = [
    ...prefix,
    ...["--format=custom", "--no-password", `--lock-wait-timeout=${LOCK_WAIT}`],
    ...[`--schema="${schema}"`, `--snapshot=${snapshot}`],
    ...(role === undefined ? [] : [`--role=${role}`]),
    ...[`--username=${user}`, `--dbname=${database}`],
  ];
  async function* output(): AsyncGenerator<Buffer> {
    const child = spawn(program, args, {
      env: inContainer ? process.env : libpqEnvironment(connection),
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-KEPT_ERRORS);
    });
    const ended = new Promise<void>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, killedBy) => {
        if (code === 0) resolve();
        else {
          const reason = errors.trim() || `it ended with ${code ?? killedBy ?? "nothing"}`;
          reject(new TenantryError("TNT-723", { schema, reason }));
        }
      });
    });
    ended.catch(() => undefined);
    try {
      yield* child.stdout as AsyncIterable<Buffer>;
      await ended;
    } finally {
      child.kill();
    }
  }
  return Readable.from(output(), { objectMode: false });
}

function libpqEnvironment({ host, port, password, tls, root }: Connection): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  const mode = tls?.mode ?? "disable";
  const verifies = mode.startsWith("verify");
  const authorities = tls?.ca === undefined ? "system" : `${root ?? process.cwd()}/${tls.ca}`;
  return {
    ...{ PATH, SystemRoot, LC_ALL: "C", PGAPPNAME: "tenantry" },
    ...{ PGHOST: host, PGPORT: String(port), PGPASSWORD: password },
    // libpq takes the system's own authorities only with the strictest mode.
    PGSSLMODE: verifies && tls?.ca === undefined ? "verify-full" : mode,
    ...(verifies && { PGSSLROOTCERT: authorities }),
  };
}
