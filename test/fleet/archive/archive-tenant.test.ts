import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archiveTenant } from "../../../src/fleet/archive/archive-tenant.ts";
import type { RowArchive } from "../../../src/fleet/archive/archive-tenant.ts";
import { proveArchive } from "../../../src/fleet/archive/prove-archive.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { copySqlDirectory, preparePlatform, spec } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";
import { STRANGE, STRANGE_ROWS, strangeValues } from "../../support/strange-tables.ts";

let platform: TestPlatform;
let archive: RowArchive;

beforeAll(async () => {
  const sqlDirectory = copySqlDirectory();
  writeFileSync(join(sqlDirectory, "tenant", "004_strange.sql"), STRANGE);
  platform = await preparePlatform(await sharedCluster(), { sqlDirectory });
  const { ctx, admin } = platform;
  await provisionTenant(ctx, spec("odd"));
  await provisionTenant(ctx, spec("other"));
  await admin.query(`
    set search_path = tenant_odd;
    insert into employees (rut, names, surnames) values ('12345678-5', 'Ana', E'R\\\\N\\t\\n\\\\.');
    insert into conversations (topic) select 'topic ' || n from generate_series(1, 1000) n;
    insert into central.users (tenant_id, email, full_name) values
      ('odd', 'ana@odd.cl', 'Ana'), ('other', 'eva@other.cl', 'Eva');
    ${STRANGE_ROWS}`);
  await admin.query(strangeValues.text, strangeValues.values);
  await admin.query(`update tenant_odd.employees set names = 'Ana María'`);
  await admin.query(`select setval('tenant_odd.employees_id_seq', 9223372036854775807)`);
  archive = await archiveTenant(ctx, "odd");
});
afterAll(() => platform.close());

test("an archive holds every row, and was proven", async () => {
  const { manifest, location: path, proven, bytes } = archive;
  expect(proven).toBe(true);
  expect(statSync(path)).toMatchObject({ size: bytes });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const counts = manifest.tables.map(({ place, name, rows }) => [`${place}.${name}`, rows]);
  expect(Object.fromEntries(counts)).toMatchObject({
    "central.users": 1,
    "tenant.conversations": 1000,
    "tenant.employees": 1,
    'tenant.Odd "name"': 2,
    "tenant.parted_old": 1,
    "tenant.parted_rest": 2,
    "tenant.without_key": 6,
    "tenant.nothing": 1,
    "tenant.payroll": 0,
  });
  expect(manifest.sequences).toContainEqual({
    name: "employees_id_seq",
    value: "9223372036854775807",
    called: true,
  });
  expect(manifest).toMatchObject({ id: "odd", version: 4, stack: platform.ctx.stack, format: 1 });
  const books = await platform.rows("select * from tenantry.archives");
  expect(books).toMatchObject([
    {
      tenant_id: "odd",
      location: path,
      checksum: createHash("sha256").update(readFileSync(path)).digest("hex"),
      row_counts: { "central.users": 1, conversations: 1000 },
      verified_at: expect.any(Date) as Date,
    },
  ]);
});

test("nothing is left of the proof", async () => {
  expect(await platform.rows("select nspname from pg_namespace where nspname ~ 'proof'")).toEqual(
    [],
  );
  expect(readdirSync(platform.ctx.archives.place)).toHaveLength(1);
});

test("the same rows give the same data, whatever the role prefers", async () => {
  const { ctx, admin } = platform;
  for (const setting of [
    "datestyle = 'SQL, DMY'",
    "intervalstyle = 'sql_standard'",
    "timezone = 'America/Santiago'",
    "extra_float_digits = -15",
    "bytea_output = 'escape'",
  ])
    await admin.query(`alter database "${platform.database}" set ${setting}`);
  try {
    const again = await archiveTenant(ctx, "odd");
    expect(again.manifest.tables).toEqual(archive.manifest.tables);
  } finally {
    await admin.query(`alter database "${platform.database}" reset all`);
  }
});

test("several in one second have files of their own, and what killed runs left half written goes", async () => {
  const { ctx } = platform;
  const half = (id: string) =>
    join(ctx.archives.place, `${id}-20260101T000000Z.tar.zst.${crypto.randomUUID()}`);
  const [own, others] = [half("other"), half("other_one")];
  for (const file of [own, others]) writeFileSync(file, "half");
  const paths: string[] = [];
  for (let number = 0; number < 3; number += 1)
    paths.push((await archiveTenant(ctx, "other", { prove: false })).location);
  expect(new Set(paths).size).toBe(3);
  expect([...paths, own, others].map((file) => existsSync(file))).toEqual([
    ...[true, true, true],
    ...[false, true],
  ]);
  await platform.admin.query("delete from tenantry.archives where tenant_id = 'other'");
});

test("gzip is read, too", async () => {
  const path = join(platform.ctx.archives.place, "odd.tar.gz");
  writeFileSync(path, gzipSync(zstdDecompressSync(readFileSync(archive.location))));
  expect(await proveArchive(platform.ctx, path)).toMatchObject({ id: "odd" });
});

describe("an archive that is not whole is refused", () => {
  const damaged = (name: string, change: (bytes: Buffer) => Buffer): string => {
    const path = join(platform.ctx.archives.place, name);
    writeFileSync(path, change(Buffer.from(readFileSync(archive.location))));
    return path;
  };
  test.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length - 100), /TNT-701/],
    ["cut at its start", (bytes: Buffer) => bytes.subarray(0, 50), /TNT-701/],
    ["empty", () => Buffer.alloc(0), /TNT-701.*|not compressed/],
    ["something else", () => randomBytes(1000), /not compressed with zstd or gzip.*TNT-701/],
  ])("%s", async (name, change, says) => {
    await expect(proveArchive(platform.ctx, damaged(name, change))).rejects.toThrow(says);
  });

  test("with any bit flipped", async () => {
    const size = statSync(archive.location).size;
    for (const place of [10, Math.floor(size / 3), Math.floor(size / 2), size - 20]) {
      const path = damaged("flipped", (bytes) => {
        bytes[place] = bytes[place]! ^ 4;
        return bytes;
      });
      await expect(proveArchive(platform.ctx, path)).rejects.toThrow(/TNT-70[15]/);
    }
  });

  test("with other rows than it says", async () => {
    const path = join(platform.ctx.archives.place, "changed.tar.gz");
    const tar = zstdDecompressSync(readFileSync(archive.location)).toString("latin1");
    writeFileSync(path, gzipSync(Buffer.from(tar.replace("topic 500", "tpoic 500"), "latin1")));
    await expect(proveArchive(platform.ctx, path)).rejects.toThrow(
      /conversations has other contents.*TNT-705/s,
    );
  });

  test("with a row that PostgreSQL does not take, which is not shown", async () => {
    const path = join(platform.ctx.archives.place, "bad-row.tar.gz");
    const tar = zstdDecompressSync(readFileSync(archive.location)).toString("latin1");
    writeFileSync(
      path,
      gzipSync(Buffer.from(tar.replace("1\t12345678-5", "x\t12345678-5"), "latin1")),
    );
    const failure = proveArchive(platform.ctx, path);
    await expect(failure).rejects.toThrow(/employees has rows .*SQLSTATE 22P02.*TNT-705/s);
    await expect(failure).rejects.not.toThrow(/12345678/);
  });

  test("one that is not there", async () => {
    await expect(proveArchive(platform.ctx, "/nowhere/x.tar.zst")).rejects.toThrow(/TNT-703/);
  });
});

test("an id that nobody has is told, with the one that was meant", async () => {
  await expect(archiveTenant(platform.ctx, "othr")).rejects.toThrow(
    'The stack "tenantry/test" has no tenant "othr". Did you mean "other"? [TNT-441]',
  );
  await expect(archiveTenant(platform.ctx, "x")).rejects.toThrow("It has odd, other. [TNT-441]");
});

test("what no migration made stops the archive, by name", async () => {
  const { ctx, admin } = platform;
  await admin.query("create table tenant_other.by_hand (id int)");
  await expect(archiveTenant(ctx, "other")).rejects.toThrow(/table by_hand.*TNT-704/s);
  await admin.query("drop table tenant_other.by_hand");
  const { location: path } = await archiveTenant(ctx, "other", { prove: false });
  truncateSync(path, 200);
  expect(existsSync(path)).toBe(true);
  expect(
    await platform.rows("select verified_at from tenantry.archives where tenant_id = 'other'"),
  ).toEqual([{ verified_at: null }]);
});
