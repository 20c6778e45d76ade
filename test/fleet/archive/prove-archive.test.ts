import { expect, onTestFinished, test } from "vitest";
import { archiveTenant } from "../../../src/fleet/archive/archive-tenant.ts";
import { proveArchive } from "../../../src/fleet/archive/prove-archive.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { startCluster } from "../../support/cluster.ts";
import { preparePlatform, spec } from "../../support/platform.ts";

test("the rows of a proof are not written ahead: neither replicas nor the archive of the log get them", async () => {
  // Of its own: what others do is in the same log.
  const cluster = await startCluster({ settings: { autovacuum: "off" } });
  const platform = await preparePlatform(cluster);
  onTestFinished(async () => {
    await platform.close();
    await cluster.stop();
  });
  const { ctx, rows } = platform;
  await provisionTenant(ctx, spec("acme"));
  await rows(
    "insert into tenant_acme.conversations (topic) select repeat('x', 500) from generate_series(1, 20000)",
  );
  const { location } = await archiveTenant(ctx, "acme");
  const written = async (work: () => Promise<unknown>): Promise<number> => {
    const [from] = await rows("select pg_current_wal_insert_lsn()::text as lsn");
    await work();
    const [bytes] = await rows(
      "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1)::float8 as bytes",
      [from?.lsn],
    );
    return Number(bytes?.bytes);
  };
  const rewritten = await written(() => rows("update tenant_acme.conversations set topic = topic"));
  expect(rewritten).toBeGreaterThan(10_000_000);
  expect(await written(() => proveArchive(ctx, location))).toBeLessThan(rewritten / 10);
});
