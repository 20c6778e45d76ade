import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { archiveFleet } from "../../../src/fleet/archive/archive-fleet.ts";
import { archiveTenant } from "../../../src/fleet/archive/archive-tenant.ts";
import { dumpTenant } from "../../../src/fleet/archive/dump-tenant.ts";
import type { Dumper } from "../../../src/fleet/archive/dump-tenant.ts";
import { ArchiveStore } from "../../../src/fleet/archive/store/archive-store.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../../src/fleet/remove-tenant.ts";
import { updateTenant } from "../../../src/fleet/update-tenant.ts";
import { findPgDump } from "../../../src/postgres/pg-dump.ts";
import { scratchDirectory, sharedCluster } from "../../support/cluster.ts";
import type { TestCluster } from "../../support/cluster.ts";
import { CommandLineWatch } from "../../support/command-line-watch.ts";
import { noPgDump, pgDump, pgRestore } from "../../support/pg-dump.ts";
import { preparePlatform, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

let cluster: TestCluster;
let platform: TestPlatform;
let dumper: Dumper;

beforeAll(async () => {
  if (pgDump === undefined) return;
  cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
  const { host, port, user, password } = cluster;
  dumper = { pgDump, connection: { host, port, user, password, database: platform.database } };
  await provisionTenant(platform.ctx, spec("acme"));
  await platform.admin.query(`
    insert into tenant_acme.conversations (topic) select 'topic ' || n from generate_series(1, 500) n;
    create table tenant_acme."By hand" (note text);
    insert into tenant_acme."By hand" values ('kept');
    create view tenant_acme.seen as select topic from tenant_acme.conversations`);
});
afterAll(async () => {
  if (pgDump !== undefined) await platform.close();
});

describe("a dump", () => {
  beforeEach(({ skip }) => {
    if (noPgDump !== undefined) skip(noPgDump);
  });

  test("has what no migration made, and goes back with pg_restore", async () => {
    const { ctx } = platform;
    await expect(archiveTenant(ctx, "acme")).rejects.toThrow(/TNT-704/);
    const dump = await dumpTenant(ctx, "acme", dumper);
    expect(dump).toMatchObject({ id: "acme", rows: 501, version: 3, proven: false });
    expect(dump.location).toMatch(/\/acme-\w+\.dump$/);
    const [booked] = await platform.rows("select * from tenantry.archives where archive = $1", [
      dump.number,
    ]);
    expect(booked).toMatchObject({
      checksum: createHash("sha256").update(readFileSync(dump.location)).digest("hex"),
      row_counts: { "By hand": 1, conversations: 500, employees: 0 },
      verified_at: null,
    });
    const database = await cluster.createDatabase("restored");
    restore(dump.location, database);
    const restored = await cluster.connect({ database });
    const counts = await restored.query(
      `select (select count(*)::int from tenant_acme.seen) as seen, (select note from tenant_acme."By hand") as note`,
    );
    expect(counts.rows).toEqual([{ seen: 500, note: "kept" }]);
    await restored.end();
  });

  test("holds the moment at which it began", async () => {
    const { ctx, admin } = platform;
    // The table stays locked until after the dump began: what is written meanwhile is not in it.
    await admin.query("begin");
    await admin.query("lock table tenant_acme.employees in access exclusive mode");
    const writer = await cluster.connect({ database: platform.database });
    const dumping = dumpTenant(ctx, "acme", dumper);
    dumping.catch(() => undefined);
    await expect
      .poll(
        () =>
          platform
            .rows(
              "select from pg_locks where not granted and relation = 'tenant_acme.employees'::regclass",
            )
            .then((rows) => rows.length),
        { timeout: 30_000 },
      )
      .toBe(1);
    await writer.query("insert into tenant_acme.conversations (topic) values ('too late')");
    await admin.query("commit");
    const { rows, location } = await dumping;
    expect(rows).toBe(501);
    const data = execFileSync(pgRestore(), ["--data-only", "--file=-", location]).toString();
    expect(data).toContain("topic 500");
    expect(data).not.toContain("too late");
    await writer.query("delete from tenant_acme.conversations where topic = 'too late'");
    await writer.end();
  });

  test("is encrypted like any archive", async () => {
    const archives = new ArchiveStore({
      place: scratchDirectory("dumps"),
      secrets: () => Promise.resolve({ passphrase: "a passphrase" }),
    });
    const { location } = await dumpTenant({ ...platform.ctx, archives }, "acme", dumper);
    expect(location).toMatch(/\.dump\.pgp$/);
    const content = await buffer(await archives.read(location));
    expect(content.subarray(0, 5).toString()).toBe("PGDMP");
  });

  test("shows its password to nobody", async () => {
    const watch = await CommandLineWatch.start();
    await dumpTenant(platform.ctx, "acme", dumper);
    const seen = await watch.stop();
    const lines = seen.filter((line) => line.includes("pg_dump") && line.includes("--schema"));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(cluster.password))).toEqual([]);
  });

  test("that fails is one clear error, and leaves no file", async () => {
    const { ctx } = platform;
    const before = readdirSync(ctx.archives.place);
    const wrong = { ...dumper, connection: { ...dumper.connection, password: "a wrong one" } };
    const failure = dumpTenant(ctx, "acme", wrong);
    await expect(failure).rejects.toThrow(/password authentication failed.*TNT-723/s);
    await expect(failure).rejects.not.toThrow(/a wrong one/);
    expect(readdirSync(ctx.archives.place)).toEqual(before);
    const full = new ArchiveStore({ place: join(ctx.archives.place, before[0]!, "deeper") });
    await expect(dumpTenant({ ...ctx, archives: full }, "acme", dumper)).rejects.toThrow(/TNT-712/);
  });

  test("does not let a retired tenant go", async () => {
    const { ctx, admin, rows } = platform;
    await provisionTenant(ctx, spec("going"));
    await updateTenant(ctx, spec("going", { state: "retired" }));
    await admin.query("delete from tenantry.archives where tenant_id = 'going'");
    await dumpTenant(ctx, "going", dumper);
    await expect(removeTenant(ctx, "going")).rejects.toThrow(/TNT-412/);
    expect(await rows("select from pg_namespace where nspname = 'tenant_going'")).toHaveLength(1);
  });

  test("of every tenant goes on where it stopped, whatever other archives there are", async () => {
    const { ctx } = platform;
    const since = new Date(Date.now() - 1000);
    const run = () =>
      archiveFleet(ctx, {
        prove: false,
        dumper,
        since,
        onArchive: () => undefined,
        onFailure: ({ message }) => {
          throw new Error(message);
        },
      });
    await provisionTenant(ctx, spec("more"));
    await archiveTenant(ctx, "more");
    const first = await run();
    expect(first.archived).toBeGreaterThan(0);
    expect(await run()).toMatchObject({ archived: 0, failed: 0 });
  });
});

describe("the pg_dump", () => {
  const program = (version: string): string => {
    const file = join(scratchDirectory("pg-dump"), "pg_dump");
    writeFileSync(file, `#!/bin/sh\necho "pg_dump (PostgreSQL) ${version}"\n`);
    chmodSync(file, 0o755);
    return file;
  };

  test("must be of version 16 or newer", async () => {
    const old = program("15.18 (Debian 15.18-0+deb12u1)");
    await expect(findPgDump({ path: old })).rejects.toThrow(
      /of version 16 or newer: .*pg_dump: 15\.18\. .*TNT-722/,
    );
    for (const version of ["16.2", "17.0", "18beta1"]) {
      const command = [program(version)];
      expect(await findPgDump({ path: command[0] })).toEqual({ command, inContainer: false });
    }
  });

  test("must be there", async () => {
    await expect(findPgDump({ path: "/nowhere/pg_dump" })).rejects.toThrow(
      /nowhere\/pg_dump: it does not run.*TNT-722/,
    );
  });
});

/** As the runbook says: into an empty database, which has no shared tables to attach partitions to. */
function restore(file: string, database: string): void {
  const { host, port, user, password } = cluster;
  const list = join(scratchDirectory("restore"), "list");
  const entries = execFileSync(pgRestore(), ["--list", file]).toString().split("\n");
  writeFileSync(list, entries.filter((entry) => !entry.includes(" ATTACH ")).join("\n"));
  const { status, stderr } = spawnSync(
    pgRestore(),
    [
      ...["--use-list", list, "--no-owner", "--no-privileges", "--exit-on-error"],
      ...["--host", host, "--port", String(port), "--username", user, "--dbname", database, file],
    ],
    { env: { PATH: process.env.PATH, PGPASSWORD: password }, encoding: "utf8" },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}
