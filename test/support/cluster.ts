import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { quoteIdentifier } from "../../src/core/identifier.ts";
import { findBinaries } from "../../src/server/binaries.ts";
import { initialise } from "../../src/server/initialise.ts";
import { osUser } from "../../src/server/os-user.ts";
import { freePort } from "./free-port.ts";
import { moveUnlessThere, reachableBinaries } from "../../src/server/reachable-binaries.ts";
import { serverStatus } from "../../src/server/server-status.ts";
import { startServer } from "../../src/server/start-server.ts";
import { stopServer } from "../../src/server/stop-server.ts";
import { childrenOf, killIfThere } from "./processes.ts";
import { runDirectory } from "./run-directory.ts";

/** A PostgreSQL 16 of the tests' own, on 127.0.0.1. */
export interface TestCluster {
  readonly host: string;
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
  /** The database that connections go to unless another is named. */
  readonly database: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  /** A client that is connected; its errors after the server's end are not the test's. */
  connect: (options?: pg.ClientConfig) => Promise<pg.Client>;
  pool: (options?: pg.PoolConfig) => pg.Pool;
  /** Makes a database of a name nobody else has, and tells it. */
  createDatabase: (prefix?: string) => Promise<string>;
  /** Kills the postmaster and all its children with SIGKILL, and starts the server again: it recovers. */
  crash: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface ClusterOptions {
  /** Settings on top of those of the tests (no fsync, no Unix socket). */
  readonly settings?: Readonly<Record<string, string>>;
}

const PASSWORD = "test-admin-password";

/** What is not worth waiting for in a test: whether data would survive a power cut. */
const TEST_SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_wal_size: "256MB",
  shared_buffers: "32MB",
  // What a thousand tenants' tables in one transaction need.
  max_locks_per_transaction: "1024",
};

const account = osUser();
const binaries = reachableBinaries(findBinaries(), account);

/** A new directory below the run's, which PostgreSQL's account can enter. */
export function scratchDirectory(prefix = "scratch"): string {
  const directory = mkdtempSync(join(runDirectory(), `${prefix}-`));
  chmodSync(directory, 0o755);
  return directory;
}

/** Starts a private cluster from the run's template, which the first one makes. */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  return startIn(scratchDirectory("cluster"), options);
}

/**
 * The cluster that all test files of the run share: for tests that need no more than a database of their own.
 * Roles belong to the whole cluster: give them unique names. Its stop does nothing; it ends with the run.
 */
export async function sharedCluster(): Promise<TestCluster> {
  const directory = join(runDirectory(), "shared");
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755);
  return { ...(await startIn(directory, {})), stop: () => Promise.resolve() };
}

async function startIn(directory: string, options: ClusterOptions): Promise<TestCluster> {
  const dataDirectory = join(directory, "data");
  const logFile = join(directory, "server.log");
  if (!existsSync(dataDirectory)) await copyTemplate(dataDirectory);
  const launch = (wanted: number) =>
    startServer({
      binaries,
      osUser: account,
      dataDirectory,
      logFile,
      settings: { ...TEST_SETTINGS, ...options.settings, port: String(wanted) },
    });
  // The port that counts is the server's: another test file may have started it.
  const { port } = await launch(await freePort());
  const crash = async (): Promise<void> => {
    const { pid } = serverStatus(dataDirectory) ?? {};
    if (pid === undefined) throw new Error("the server does not run");
    const children = childrenOf(pid).map((child) => child.pid);
    for (const one of [pid, ...children]) killIfThere(one);
    while (serverStatus(dataDirectory)?.pid === pid) await sleep(5);
    await launch(port);
  };
  return { ...testCluster(port, dataDirectory, logFile), crash };
}

async function copyTemplate(dataDirectory: string): Promise<void> {
  const template = join(runDirectory(), "template");
  if (!existsSync(template))
    await initialise({
      binaries,
      osUser: account,
      dataDirectory: template,
      user: "postgres",
      password: PASSWORD,
      sync: false,
    });
  const copy = `${dataDirectory}.${crypto.randomUUID()}`;
  // cp keeps owner and mode, and lets the file system share blocks.
  execFileSync("cp", ["-a", template, copy]);
  moveUnlessThere(copy, dataDirectory);
}

function testCluster(
  port: number,
  dataDirectory: string,
  logFile: string,
): Omit<TestCluster, "crash"> {
  const [host, user, database] = ["127.0.0.1", "postgres", "postgres"];
  const defaults = { host, port, user, password: PASSWORD, database };
  const pools: pg.Pool[] = [];
  const connect = async (more: pg.ClientConfig = {}): Promise<pg.Client> => {
    const client = new pg.Client({ ...defaults, ...more });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  return {
    host,
    port,
    user,
    password: PASSWORD,
    database,
    dataDirectory,
    logFile,
    connect,
    pool: (more = {}) => {
      const pool = new pg.Pool({ ...defaults, ...more });
      pool.on("error", () => undefined);
      pools.push(pool);
      return pool;
    },
    createDatabase: async (prefix = "test") => {
      const name = `${prefix}_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
      const client = await connect();
      await client.query(`create database ${quoteIdentifier(name)}`);
      await client.end();
      return name;
    },
    stop: async () => {
      await Promise.all(pools.filter(({ ended }) => !ended).map((pool) => pool.end()));
      await stopServer(dataDirectory, "immediate");
    },
  };
}
