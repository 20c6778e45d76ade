import { chmodSync, chownSync } from "node:fs";
import { osUser } from "../../src/server/os-user.ts";
import { makeCertificates } from "./certificates.ts";
import type { Certificates } from "./certificates.ts";
import { scratchDirectory, startCluster } from "./cluster.ts";
import type { ClusterOptions, TestCluster } from "./cluster.ts";

/** A cluster that speaks TLS, with a certificate for the name `localhost` only. */
export interface TlsCluster extends TestCluster {
  readonly certificates: Certificates;
}

export async function startTlsCluster(options: ClusterOptions = {}): Promise<TlsCluster> {
  const certificates = await makeCertificates(scratchDirectory("certificates"), "localhost");
  const { certificate, key } = certificates;
  const account = osUser();
  // PostgreSQL takes no key that others might read.
  if (account) chownSync(key, account.uid, account.gid);
  chmodSync(key, 0o600);
  const cluster = await startCluster({
    settings: { ...options.settings, ssl: "on", ssl_cert_file: certificate, ssl_key_file: key },
  });
  return { ...cluster, certificates };
}
