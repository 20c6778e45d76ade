import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { TenantryError } from "../core/errors.ts";
import type { Binaries } from "./binaries.ts";
import { program } from "./binaries.ts";
import type { OsUser } from "./os-user.ts";
import { spawnOptions } from "./run.ts";
import type { ServerStatus } from "./server-status.ts";
import { serverStatus } from "./server-status.ts";

export interface StartOptions {
  readonly binaries: Binaries;
  readonly osUser: OsUser | undefined;
  readonly dataDirectory: string;
  /** The file that the server's output is appended to. */
  readonly logFile: string;
  /** Settings that win over those of the files. */
  readonly settings: Readonly<Record<string, string>>;
  /** How long to wait until it takes connections, in seconds; recovery after a crash counts. Default 60. */
  readonly deadlineSeconds?: number;
}

/** After a crash the old processes hold the data directory a little longer. */
const STILL_HELD = /lock file "[^"]+" already exists|pre-existing shared memory block/;

/**
 * Starts a server that goes on running when this process ends, or finds the one that runs, and waits until it
 * takes connections. Several processes may do so at once: one server starts and all of them find it.
 *
 * @throws {TenantryError} TNT-228 with the end of its log when it does not start.
 */
export async function startServer(options: StartOptions): Promise<ServerStatus> {
  const { dataDirectory, logFile } = options;
  const deadline = Date.now() + (options.deadlineSeconds ?? 60) * 1000;
  let logStart = sizeOf(logFile);
  let child: Child | undefined;
  for (;;) {
    const status = serverStatus(dataDirectory);
    if (status?.ready) return status;
    if (child?.ended()) {
      const log = readFrom(logFile, logStart);
      if (!STILL_HELD.test(log) || Date.now() > deadline)
        throw new TenantryError("TNT-228", { logFile, log: lastLines(log, 12) });
      child = undefined;
      await sleep(200);
    } else if (Date.now() > deadline) {
      throw new TenantryError("TNT-228", {
        logFile,
        log: lastLines(readFrom(logFile, logStart), 12),
      });
    }
    if (child === undefined && status === undefined) {
      logStart = sizeOf(logFile);
      child = await launch(options);
    }
    await sleep(20);
  }
}

interface Child {
  ended: () => boolean;
}

async function launch(options: StartOptions): Promise<Child> {
  const { binaries, osUser, dataDirectory, logFile, settings } = options;
  const log = openSync(logFile, "a", 0o600);
  try {
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(program(binaries, "postgres"), ["-D", dataDirectory, ...args], {
      ...spawnOptions(osUser),
      // A session of its own: no Ctrl-C in a terminal and no closed terminal reaches it.
      detached: true,
      stdio: ["ignore", log, log],
    });
    await once(child, "spawn");
    child.unref();
    return { ended: () => child.exitCode !== null || child.signalCode !== null };
  } finally {
    closeSync(log);
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const readFrom = (file: string, start: number): string =>
  readFileSync(file).subarray(start).toString("utf8");

const lastLines = (text: string, count: number): string =>
  text.trimEnd().split("\n").slice(-count).join("\n");
