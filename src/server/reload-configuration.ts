import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { TenantryError } from "../core/errors.ts";

/** What a running server says about itself. */
export interface ServerFacts {
  readonly version: string;
  readonly systemIdentifier: string;
  /** Settings that were changed in the files and wait for a restart. */
  readonly pendingRestart: readonly string[];
}

const query = (name: string): string =>
  readFileSync(new URL(`../../sql/server/${name}.sql`, import.meta.url), "utf8");

const CONFIGURATION_ERRORS = query("configuration-errors");
const SERVER_FACTS = query("server-facts");

/** A reload reaches a session within milliseconds. */
const DEADLINE_SECONDS = 10;

/**
 * Has the server read its configuration files again, and waits until this session has seen it.
 *
 * @throws {TenantryError} TNT-236 when the files have errors (nothing is reloaded then), TNT-237 when no reload is
 *   seen.
 */
export async function reloadConfiguration(client: ClientBase): Promise<void> {
  await requireCleanFiles(client);
  const before = await loadTime(client);
  await client.query("select pg_reload_conf()");
  const deadline = performance.now() + DEADLINE_SECONDS * 1000;
  while ((await loadTime(client)) === before) {
    if (performance.now() > deadline)
      throw new TenantryError("TNT-237", { seconds: DEADLINE_SECONDS });
    await sleep(10);
  }
}

/** Reads back what the server says about itself. */
export async function serverFacts(client: ClientBase): Promise<ServerFacts> {
  const { rows } = await client.query<{
    version: string;
    system_identifier: string;
    pending_restart: string[];
  }>(SERVER_FACTS);
  const [row] = rows;
  return {
    version: row?.version ?? "",
    systemIdentifier: row?.system_identifier ?? "",
    pendingRestart: row?.pending_restart ?? [],
  };
}

/** What the server could not take from its configuration files. */
export async function configurationProblems(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ file: string; line: number; problem: string }>(
    CONFIGURATION_ERRORS,
  );
  return rows.map(({ file, line, problem }) => `${file}:${line} ${problem}`);
}

async function requireCleanFiles(client: ClientBase): Promise<void> {
  const problems = await configurationProblems(client);
  if (problems.length > 0) throw new TenantryError("TNT-236", { problems });
}

/** When this session last read the files, as text to the microsecond. */
async function loadTime(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ at: string }>("select pg_conf_load_time()::text as at");
  return rows[0]?.at;
}
