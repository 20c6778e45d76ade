import { MEGABYTE, renderMemorySize } from "./memory-size.ts";

/** What a server is made for. */
export interface ServerSize {
  /** The memory PostgreSQL may use as a whole. */
  readonly memoryBytes: number;
  readonly connections: number;
  /** The tenants it shall hold at most. */
  readonly tenants: number;
  /** PostgreSQL refuses effective_io_concurrency where the system lacks posix_fadvise (macOS, Windows). */
  readonly linux: boolean;
}

/** The least work_mem worth having: below it, sorts of a few thousand rows go to disk. */
export const LEAST_WORK_MEMORY = MEGABYTE;

/** Tables of a tenant, its partitions included, that `max_locks_per_transaction` leaves room for. */
const TABLES_PER_TENANT = 32;
/** autovacuum_max_workers, and one CREATE INDEX or VACUUM by hand. */
const MAINTENANCE_AT_ONCE = 3 + 1;
/** max_parallel_workers: each sorts and hashes with a work_mem of its own. */
const PARALLEL_WORKERS = 8;
/** Autovacuum's workers and launcher, max_worker_processes and max_wal_senders hold locks beside the connections. */
const BACKGROUND_PROCESSES = 3 + 1 + 8 + 10;
/** Shared memory of a lock, and of an entry of pg_stat_statements: measured on 16.14, 390 to 408 bytes each. */
const BYTES_PER_LOCK = 408;
const BYTES_PER_STATEMENT = 408;

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), most);
const wholeMegabytes = (bytes: number): number => Math.floor(bytes / MEGABYTE) * MEGABYTE;

const sharedBuffers = ({ memoryBytes }: ServerSize): number => wholeMegabytes(memoryBytes / 4);

/** Up to 2047 MB: Windows takes no more, and vacuum's list of dead rows cannot use more than 1 GB. */
const maintenanceMemory = ({ memoryBytes }: ServerSize): number =>
  clamp(wholeMegabytes(memoryBytes / 16), 16 * MEGABYTE, 2047 * MEGABYTE);

/**
 * The lock table has this many places for each connection, and is shared by all. A dump of the whole database locks
 * every table in one transaction; it may take half of the places, so that the others keep working. Dropping a
 * tenant's schema takes some 11 locks a table, 224 for 20 tables.
 */
function locksPerTransaction({ tenants, connections }: ServerSize): number {
  const needed = (2 * tenants * TABLES_PER_TENANT) / connections;
  return 2 ** Math.ceil(Math.log2(Math.max(needed, 128)));
}

/** The same query in two schemas is two statements; the least recently used are thrown out when it is full. */
const trackedStatements = ({ tenants }: ServerSize): number => clamp(tenants * 50, 10_000, 100_000);

/** Shared memory that is there from the start. */
export function fixedMemory(size: ServerSize): number {
  const lockTable =
    locksPerTransaction(size) * (size.connections + BACKGROUND_PROCESSES) * BYTES_PER_LOCK;
  return sharedBuffers(size) + lockTable + trackedStatements(size) * BYTES_PER_STATEMENT;
}

/**
 * What one sort may use, in whole megabytes: the memory that shared memory and maintenance leave, divided among all
 * connections and parallel workers, each with one sort (work_mem) and one hash table (twice that, by
 * hash_mem_multiplier). Every one of them doing both at once still fits. Formula: pgtune, less the maintenance it
 * leaves out. Below `LEAST_WORK_MEMORY` the size is no good.
 */
export function workMemory(size: ServerSize): number {
  const left = size.memoryBytes - fixedMemory(size) - MAINTENANCE_AT_ONCE * maintenanceMemory(size);
  return wholeMegabytes(left / ((size.connections + PARALLEL_WORKERS) * 3));
}

/**
 * The settings that follow from the server's size: 25 % of the memory for shared_buffers, 75 % as
 * effective_cache_size, and the rest in proportion. For 8 GB and 100 connections they are the values of the
 * multi-tenant document, work_mem excepted.
 */
export function tunedParameters(size: ServerSize): Record<string, string> {
  const { memoryBytes } = size;
  return {
    max_connections: String(size.connections),
    shared_buffers: renderMemorySize(sharedBuffers(size)),
    effective_cache_size: renderMemorySize(wholeMegabytes((memoryBytes * 3) / 4)),
    work_mem: renderMemorySize(workMemory(size)),
    maintenance_work_mem: renderMemorySize(maintenanceMemory(size)),
    min_wal_size: renderMemorySize(
      clamp(wholeMegabytes(memoryBytes / 8), 128 * MEGABYTE, 4096 * MEGABYTE),
    ),
    max_wal_size: renderMemorySize(
      clamp(wholeMegabytes(memoryBytes / 4), 512 * MEGABYTE, 16_384 * MEGABYTE),
    ),
    max_locks_per_transaction: String(locksPerTransaction(size)),
    "pg_stat_statements.max": String(trackedStatements(size)),
    ...(size.linux ? { effective_io_concurrency: "200" } : {}),
  };
}
