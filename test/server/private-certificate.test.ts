import { once } from "node:events";
import { X509Certificate } from "node:crypto";
import { connect, createServer } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { certificateProblems, expiryOf, fingerprintOf } from "../../src/server/certificate.ts";
import { makeAuthority, makeServerCertificate } from "../../src/server/private-certificate.ts";
import type { KeyPair } from "../../src/server/private-certificate.ts";

const authority = await makeAuthority("tenantry/test");
const made = await makeServerCertificate(authority, ["db.example.com", "127.0.0.1", "::1"]);

/** Serves a certificate, and connects with a client that checks it as `verify-full` does. */
async function handshake(pair: KeyPair, ca: string, servername?: string): Promise<string> {
  const server = createServer({ cert: pair.certificate, key: pair.key }, (socket) => socket.end());
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const socket = connect({ host: "127.0.0.1", port, ca, ...(servername && { servername }) });
  onTestFinished(() => void socket.destroy());
  try {
    await once(socket, "secureConnect");
    return "connected";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "";
  }
}

test("clients that know the authority accept it, under its names only", async () => {
  const { certificate } = authority;
  expect(await handshake(made, certificate)).toBe("connected");
  expect(await handshake(made, certificate, "db.example.com")).toBe("connected");
  expect(await handshake(made, certificate, "evil.example.com")).toBe(
    "ERR_TLS_CERT_ALTNAME_INVALID",
  );
  const another = await makeAuthority("tenantry/test");
  expect(await handshake(made, another.certificate)).toMatch(/VERIFY|SIGNATURE|ISSUER/);
});

test("it cannot certify others, and lasts as long as clients take", async () => {
  const read = new X509Certificate(made.certificate);
  expect(read.ca).toBe(false);
  expect(read.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  expect(read.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  const days = (expiryOf(made.certificate).getTime() - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(396);
  expect(days).toBeLessThan(398);
  const second = await makeServerCertificate(authority, ["db.example.com"]);
  expect(fingerprintOf(second.certificate)).not.toBe(fingerprintOf(made.certificate));
});

test("what is wrong with a certificate or its key is said, without the key", () => {
  expect(certificateProblems(made)).toEqual({});
  expect(certificateProblems({ ...made, certificate: "none" }).certificate).toMatch(
    /^is no certificate in PEM form/,
  );
  expect(certificateProblems({ ...made, key: authority.key })).toEqual({
    key: "is not the key of the certificate",
  });
  const broken = certificateProblems({ ...made, key: "half a secret" }).key;
  expect(broken).toMatch(/^is no private key/);
  expect(broken).not.toContain("half a secret");
  const later = new Date(Date.now() + 400 * 86_400_000);
  expect(certificateProblems(made, later).certificate).toMatch(/^has expired at 20/);
});
