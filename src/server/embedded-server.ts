import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { sqlstateOf } from "../postgres/sql-error.ts";
import { SQLSTATE } from "../postgres/sqlstate.ts";
import { findBinaries } from "./binaries.ts";
import { configFiles } from "./config-files.ts";
import { hasData, systemIdentifier } from "./data-directory.ts";
import { initialise, removeLeftovers } from "./initialise.ts";
import { MAINTENANCE_DATABASE, whileItStarts, withLogin } from "./login.ts";
import { osUser } from "./os-user.ts";
import { requireFreePort } from "./port-in-use.ts";
import { serverFacts } from "./reload-configuration.ts";
import { reachableBinaries } from "./reachable-binaries.ts";
import { makeOpenDirectory, placeIn, serverPlace } from "./server-place.ts";
import type { ServerPlace } from "./server-place.ts";
import { serverStatus } from "./server-status.ts";
import { ensurePassword } from "./set-password.ts";
import { startServer } from "./start-server.ts";
import { stopServer } from "./stop-server.ts";

/** A server on this machine, as it is declared. */
export interface EmbeddedDeclaration {
  /** Relative to the current directory, the project's root. */
  readonly directory: string;
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
}

/** A server on this machine, as it is. */
export interface EmbeddedFacts {
  /** PostgreSQL's version, `16.14`. */
  readonly version: string;
  readonly dataDirectory: string;
  /** The cluster's own number; a copy of its files has the same. */
  readonly systemIdentifier: string;
}

/** How long recovery, a login or a checkpoint may take. */
const DEADLINE_SECONDS = 120;

const HOST = "127.0.0.1";

/**
 * Looks, without changing anything, whether the server could be made or found: the port is free, or the server's
 * own; the data directory is ours to open, or not there yet.
 *
 * @throws {TenantryError} TNT-220 to TNT-227
 */
export async function inspectServer({
  directory,
  port,
}: EmbeddedDeclaration): Promise<ServerPlace> {
  const place = serverPlace(directory, osUser());
  findBinaries();
  hasData(place.data);
  await requirePort(place.data, port);
  return place;
}

/**
 * Makes the server, or goes on with the one that an interrupted run left, and starts it.
 *
 * @throws {TenantryError} TNT-232 when the data directory is there and has another administrator's password.
 */
export async function createServer(declaration: EmbeddedDeclaration): Promise<EmbeddedFacts> {
  const place = await inspectServer(declaration);
  if (hasData(place.data)) removeLeftovers(place.data);
  else {
    makeOpenDirectory(place.directory);
    const account = osUser();
    const binaries = reachableBinaries(findBinaries(), account);
    await initialise({ ...declaration, binaries, osUser: account, dataDirectory: place.data });
  }
  const wasRunning = serverStatus(place.data) !== undefined;
  try {
    return await start(place, declaration);
  } catch (error) {
    if (sqlstateOf(error) !== SQLSTATE.invalidPassword) throw error;
    if (!wasRunning) await stopServer(place.data);
    throw new TenantryError("TNT-232", { directory: place.data, user: declaration.user });
  }
}

/**
 * Looks, without changing anything, whether a server that was made before can run on a port.
 *
 * @throws {TenantryError} TNT-234 when its data is gone, TNT-226 and TNT-227 for the port
 */
export async function requireServer(dataDirectory: string, port: number): Promise<void> {
  if (!hasData(dataDirectory)) throw new TenantryError("TNT-234", { directory: dataDirectory });
  await requirePort(dataDirectory, port);
}

/**
 * Brings a server that was made before to its declaration: started, restarted if that is wanted or the port is
 * another, and with its password.
 */
export async function convergeServer(
  dataDirectory: string,
  declaration: EmbeddedDeclaration,
  change: { readonly restart: boolean; readonly oldPassword: string },
): Promise<EmbeddedFacts> {
  const place = placeIn(dirname(dataDirectory));
  const { port } = declaration;
  await requireServer(dataDirectory, port);
  const status = serverStatus(dataDirectory);
  if (status && (change.restart || status.port !== port)) await stopServer(dataDirectory);
  return start(place, declaration, change.oldPassword);
}

/**
 * Stops a server and removes its data, for good.
 *
 * @throws {TenantryError} TNT-235 when the data directory holds another cluster than the one given.
 */
export async function removeServer(dataDirectory: string, identifier: string): Promise<void> {
  if (!existsSync(dataDirectory)) return;
  if (!hasData(dataDirectory) || systemIdentifier(dataDirectory) !== identifier)
    throw new TenantryError("TNT-235", { directory: dataDirectory, identifier });
  await stopServer(dataDirectory, "immediate");
  rmSync(dataDirectory, { recursive: true, force: true });
  rmSync(placeIn(dirname(dataDirectory)).log, { force: true });
}

async function requirePort(dataDirectory: string, port: number): Promise<void> {
  if (serverStatus(dataDirectory)?.port !== port) await requireFreePort(port);
}

/**
 * Starts the server, or finds it running, until a login works. A server that was killed a moment ago may still look
 * alive: it is started when the login has told.
 */
async function start(
  { data, config, log }: ServerPlace,
  { port, user, password }: EmbeddedDeclaration,
  oldPassword = password,
): Promise<EmbeddedFacts> {
  const account = osUser();
  const files = configFiles(config);
  const options = {
    binaries: reachableBinaries(findBinaries(), account),
    osUser: account,
    dataDirectory: data,
    logFile: log,
    settings: {
      config_file: files.postgresqlConf,
      hba_file: files.pgHba,
      port: String(port),
      // TCP only: a socket in /tmp could be another account's leftover, one in the project have too long a path.
      unix_socket_directories: "",
    },
    deadlineSeconds: DEADLINE_SECONDS,
  };
  const connection = { host: HOST, port, user, password, database: MAINTENANCE_DATABASE };
  return whileItStarts(connection, DEADLINE_SECONDS, async () => {
    await startServer(options);
    await ensurePassword(connection, oldPassword);
    const { version, systemIdentifier } = await withLogin(connection, serverFacts);
    return { version, dataDirectory: data, systemIdentifier };
  });
}
