import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MEGABYTE, parseMemorySize } from "../../src/core/memory-size.ts";
import { fixedMemory, tunedParameters, workMemory } from "../../src/core/tuning.ts";
import type { ServerSize } from "../../src/core/tuning.ts";

const GIGABYTE = 1024 * MEGABYTE;
const eightGigabytes = { memoryBytes: 8 * GIGABYTE, connections: 100, tenants: 512, linux: true };

const size: fc.Arbitrary<ServerSize> = fc.record({
  memoryBytes: fc.integer({ min: 256, max: 512 * 1024 }).map((megabytes) => megabytes * MEGABYTE),
  connections: fc.integer({ min: 10, max: 1000 }),
  tenants: fc.integer({ min: 4, max: 14 }).map((exponent) => 2 ** exponent),
  linux: fc.boolean(),
});

const bytes = (parameters: Record<string, string>, name: string): number =>
  parseMemorySize(parameters[name] ?? "") ?? NaN;

test("8 GB and 100 connections give the document's values, but for work_mem", () => {
  expect(tunedParameters(eightGigabytes)).toEqual({
    max_connections: "100",
    shared_buffers: "2GB",
    effective_cache_size: "6GB",
    work_mem: "12MB", // The document has 64MB.
    maintenance_work_mem: "512MB",
    min_wal_size: "1GB",
    max_wal_size: "2GB",
    effective_io_concurrency: "200",
    max_locks_per_transaction: "512",
    "pg_stat_statements.max": "25600",
  });
});

test("only on Linux can effective_io_concurrency be set", () => {
  const elsewhere = tunedParameters({ ...eightGigabytes, linux: false });
  expect(elsewhere).not.toHaveProperty("effective_io_concurrency");
});

describe("whatever the size", () => {
  test("all connections sorting and hashing at once, with maintenance beside them, fit the memory", () => {
    fc.assert(
      fc.property(size, (server) => {
        fc.pre(workMemory(server) >= MEGABYTE);
        const parameters = tunedParameters(server);
        const sortAndHash = 3 * bytes(parameters, "work_mem");
        const everything =
          fixedMemory(server) +
          (server.connections + 8) * sortAndHash +
          4 * bytes(parameters, "maintenance_work_mem");
        expect(everything).toBeLessThanOrEqual(server.memoryBytes);
      }),
    );
  });

  test("more memory never means less of anything", () => {
    const growing = fc.tuple(size, fc.integer({ min: 0, max: 64 * 1024 }));
    fc.assert(
      fc.property(growing, ([server, more]) => {
        const larger = { ...server, memoryBytes: server.memoryBytes + more * MEGABYTE };
        fc.pre(workMemory(server) >= MEGABYTE);
        const [small, large] = [tunedParameters(server), tunedParameters(larger)];
        for (const name of Object.keys(small).filter((key) => /_mem|_size|buffers/.test(key)))
          expect(bytes(large, name)).toBeGreaterThanOrEqual(bytes(small, name));
      }),
    );
  });

  test("more connections never mean a larger work_mem", () => {
    fc.assert(
      fc.property(size, fc.nat(500), (server, more) => {
        fc.pre(workMemory(server) >= MEGABYTE);
        // Powers of two apart, so that rounding gives both the same lock table.
        const larger = { ...server, connections: server.connections * 2 ** (more % 4) };
        expect(workMemory(larger)).toBeLessThanOrEqual(workMemory(server));
      }),
    );
  });

  test("a dump that locks 32 tables of each tenant takes at most half of the lock table", () => {
    fc.assert(
      fc.property(size, (server) => {
        const { max_locks_per_transaction: locks } = tunedParameters(server);
        const places = Number(locks) * server.connections;
        expect(32 * server.tenants).toBeLessThanOrEqual(places / 2);
      }),
    );
  });
});
