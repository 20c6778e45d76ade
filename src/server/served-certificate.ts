import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { TenantryError } from "../core/errors.ts";

/** The first message of a client that wants TLS: its length and a code (PostgreSQL 16, chapter 55.7). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const YES = "S";

/** Each answer, and all of them together. */
const PATIENCE_MS = 3_000;
const DEADLINE_SECONDS = 10;

/**
 * Waits until a server that has reloaded its configuration serves a certificate: it would go on with the old one, and
 * only write so in its log, if it could not use the new files.
 *
 * @throws {TenantryError} TNT-243
 */
export async function requireServedCertificate(
  host: string,
  port: number,
  fingerprint: string,
): Promise<void> {
  const deadline = performance.now() + DEADLINE_SECONDS * 1000;
  for (;;) {
    const served = await servedFingerprint(host, port);
    if (served === fingerprint) return;
    if (performance.now() > deadline)
      throw new TenantryError("TNT-243", { host, port, fingerprint, served });
    await sleep(100);
  }
}

/** The SHA-256 fingerprint of the certificate that new connections get; undefined without TLS. */
export async function servedFingerprint(host: string, port: number): Promise<string | undefined> {
  const socket = connect({ host, port });
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    await once(socket, "connect", { signal: patience });
    socket.write(SSL_REQUEST);
    const [answer] = (await once(socket, "data", { signal: patience })) as [Buffer];
    if (answer.toString() !== YES) return undefined;
    // The certificate is looked at, and nothing is told to the server.
    const secured = connectTls({ socket, rejectUnauthorized: false });
    try {
      await once(secured, "secureConnect", { signal: patience });
      return secured.getPeerX509Certificate()?.fingerprint256;
    } finally {
      secured.destroy();
    }
  } finally {
    socket.destroy();
  }
}
