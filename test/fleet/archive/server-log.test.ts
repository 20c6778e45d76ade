import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { beginCopying } from "../../../src/fleet/archive/archive-session.ts";
import { archiveTenant } from "../../../src/fleet/archive/archive-tenant.ts";
import { proveArchive } from "../../../src/fleet/archive/prove-archive.ts";
import { restoreTenant } from "../../../src/fleet/archive/restore-tenant.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { preparePlatform, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
/** The archive's tar stream. */
let tar: string;

beforeAll(async () => {
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
  await provisionTenant(platform.ctx, spec("acme"));
  await platform.admin.query(
    "insert into tenant_acme.employees (rut, names, surnames) values ('12345678-5', 'Ana', 'Rojas')",
  );
  const { location } = await archiveTenant(platform.ctx, "acme");
  tar = zstdDecompressSync(readFileSync(location)).toString("latin1");
});
afterAll(() => platform.close());

/** An archive with another row than it had. */
function changed(row: string): string {
  const path = join(platform.ctx.archives.place, `${randomUUID()}.tar.gz`);
  const bytes = tar.replace("1\t12345678-5\tAna", row);
  expect(bytes).toHaveLength(tar.length);
  writeFileSync(path, gzipSync(Buffer.from(bytes, "latin1")));
  return path;
}

/** What the server logged until now: until a failure is in it that comes later than all others. */
async function serverLog(): Promise<string> {
  const last = `last of ${randomUUID()}`;
  await expect(platform.admin.query("select $1::int", [last])).rejects.toThrow(last);
  const log = (): string => readFileSync(cluster.logFile, "utf8");
  await expect.poll(log, { timeout: 30_000 }).toContain(last);
  return log();
}

test.each([
  ["a value that its column does not take", "x\t87654321-4\tEva"],
  ["a row that a constraint refuses", "1\t87654321-4\t\\N "],
])("%s is not in the server's log, whatever reads the archive", async (_, row) => {
  const path = changed(row);
  await expect(proveArchive(platform.ctx, path)).rejects.toThrow(/TNT-705/);
  await expect(restoreTenant(platform.ctx, spec("copy"), path)).rejects.toThrow(/TNT-705/);
  const log = await serverLog();
  expect(log).not.toContain("87654321-4");
  expect(log).not.toMatch(/COPY employees, line/);
});

test("who is no superuser copies too, and needs to be granted that", async () => {
  const { admin, database, ctx } = platform;
  const user = `copier_${randomUUID().slice(0, 8)}`;
  await admin.query(`create role ${user} login password 'secret' in role ${ctx.roles.owner}`);
  const client = await cluster.connect({ database, user, password: "secret" });
  const level = async (): Promise<unknown> => {
    await beginCopying(client, "", ctx.roles.owner);
    const { rows } = await client.query("show log_min_messages");
    await client.query("rollback");
    return rows[0];
  };
  expect(await level()).toEqual({ log_min_messages: "warning" });
  await admin.query(`grant set on parameter log_min_messages to ${user}`);
  expect(await level()).toEqual({ log_min_messages: "fatal" });
  await client.end();
  await admin.query(`drop owned by ${user}`);
  await admin.query(`drop role ${user}`);
});
