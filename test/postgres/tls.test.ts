import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tls } from "../../src/core/tls.ts";
import { createPool } from "../../src/postgres/pool.ts";
import { withClient } from "../../src/postgres/with-client.ts";
import { makeCertificates } from "../support/certificates.ts";
import { scratchDirectory, sharedCluster } from "../support/cluster.ts";
import type { TestCluster } from "../support/cluster.ts";
import { startTlsCluster } from "../support/tls-cluster.ts";
import type { TlsCluster } from "../support/tls-cluster.ts";

let cluster: TlsCluster;
let plain: TestCluster;
/** Where the authorities' files are relative to. */
let root: string;
let foreign: string;

beforeAll(async () => {
  [cluster, plain] = await Promise.all([startTlsCluster(), sharedCluster()]);
  root = dirname(cluster.certificates.ca);
  foreign = relative(root, (await makeCertificates(scratchDirectory("foreign"), "localhost")).ca);
});
afterAll(() => cluster.stop());

/** Whether the connection is encrypted; the message of what keeps it from coming about. */
async function encrypted(
  tls: Tls,
  { host = "localhost", to }: { host?: string; to?: TestCluster } = {},
): Promise<boolean | string | undefined> {
  const { port, user, password } = to ?? cluster;
  const pool = createPool({ host, port, user, password, database: "postgres", tls, root });
  try {
    return await withClient(pool, async (client) => {
      const query = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
      return (await client.query<{ ssl: boolean }>(query)).rows[0]?.ssl;
    });
  } catch (error) {
    return String(error);
  } finally {
    await pool.end();
  }
}

const ca = "ca.pem";

test("each mode encrypts, and asks of the certificate what its name says", async () => {
  expect(await encrypted({ mode: "disable" })).toBe(false);
  expect(await encrypted({ mode: "require" })).toBe(true);
  expect(await encrypted({ mode: "verify-ca", ca })).toBe(true);
  expect(await encrypted({ mode: "verify-full", ca })).toBe(true);
  // The certificate is for another name.
  const host = "127.0.0.1";
  expect(await encrypted({ mode: "require" }, { host })).toBe(true);
  expect(await encrypted({ mode: "verify-ca", ca }, { host })).toBe(true);
  expect(await encrypted({ mode: "verify-full", ca }, { host })).toMatch(
    /for another host: .*altnames.*TNT-418/,
  );
});

test("an authority that did not sign the certificate is not enough", async () => {
  const untrusted = /certificate of localhost:\d+ is not trusted: .*TNT-417/;
  expect(await encrypted({ mode: "verify-full", ca: foreign })).toMatch(untrusted);
  expect(await encrypted({ mode: "verify-ca", ca: foreign })).toMatch(untrusted);
  // Those that Node knows by itself did not sign it, either.
  expect(await encrypted({ mode: "verify-full" })).toMatch(untrusted);
});

test("a server without TLS is not spoken to in plain text", async () => {
  const to = plain;
  expect(await encrypted({ mode: "require" }, { host: "127.0.0.1", to })).toMatch(/TNT-419/);
});

test("a server that demands TLS says so to who comes without", async () => {
  const hba = join(cluster.dataDirectory, "pg_hba.conf");
  const before = readFileSync(hba, "utf8");
  writeFileSync(hba, "hostssl all all all scram-sha-256\nhost all postgres 0.0.0.0/32 reject\n");
  const client = await cluster.connect({ ssl: { rejectUnauthorized: false } });
  await client.query("select pg_reload_conf()");
  await expect.poll(() => encrypted({ mode: "disable" })).toMatch(/no encryption.*TNT-421/);
  expect(await encrypted({ mode: "verify-full", ca })).toBe(true);
  writeFileSync(hba, before);
  await client.query("select pg_reload_conf()");
  await client.end();
});

test("a file that holds no authority is named", async () => {
  expect(await encrypted({ mode: "verify-full", ca: "nothing.pem" }).catch(String)).toMatch(
    /nothing\.pem.*ENOENT.*TNT-420/,
  );
  appendFileSync(join(root, "empty.pem"), "\n");
  expect(await encrypted({ mode: "verify-ca", ca: "empty.pem" }).catch(String)).toMatch(
    /holds no certificate in PEM form.*TNT-420/,
  );
});
