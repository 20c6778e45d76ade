import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { pki } from "node-forge";

/** Of the stack's own certificate authority: clients hold its certificate, so it lasts. */
const AUTHORITY_DAYS = 3650;
/** The longest that clients commonly take from public authorities. */
const CERTIFICATE_DAYS = 397;
/** At RSA 3072 the security of AES-128 (NIST SP 800-57, table 2). */
const MODULUS_BITS = 3072;
const DAY_MS = 86_400_000;

/** A certificate and its private key, each as PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Loaded when it is needed: a plugin starts with every command. */
const forge = async () => (await import("node-forge")).default;

/** A new certificate authority for one stack, for ten years. */
export async function makeAuthority(stack: string, now = new Date()): Promise<KeyPair> {
  const name = `tenantry ${stack}`;
  return issue({
    subject: name,
    issuer: name,
    days: AUTHORITY_DAYS,
    now,
    extensions: [
      { name: "basicConstraints", critical: true, cA: true, pathLenConstraint: 0 },
      { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
    ],
  });
}

/**
 * A new certificate of a server, for 397 days.
 *
 * @param names under which clients reach it: host names, and addresses
 */
export async function makeServerCertificate(
  authority: KeyPair,
  names: readonly string[],
  now = new Date(),
): Promise<KeyPair> {
  const { pki } = await forge();
  const issuer = pki.certificateFromPem(authority.certificate).subject.getField("CN") as {
    value: string;
  };
  return issue({
    subject: names[0] ?? "postgresql",
    issuer: issuer.value,
    days: CERTIFICATE_DAYS,
    now,
    signer: authority.key,
    extensions: [
      { name: "basicConstraints", critical: true, cA: false },
      { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: names.map(alternativeName) },
    ],
  });
}

/** As RFC 5280 has them: 2 is a DNS name, 7 an address. */
const alternativeName = (name: string): object =>
  /^[\d.]+$|:/.test(name) ? { type: 7, ip: name } : { type: 2, value: name };

interface Order {
  readonly subject: string;
  readonly issuer: string;
  readonly days: number;
  readonly now: Date;
  readonly extensions: readonly object[];
  /** The private key that signs. Default: the certificate's own. */
  readonly signer?: string;
}

async function issue({ subject, issuer, days, now, extensions, signer }: Order): Promise<KeyPair> {
  const { pki, md } = await forge();
  const pair = generateKeyPairSync("rsa", {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const certificate: pki.Certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(pair.publicKey);
  // Positive, as RFC 5280 asks.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  // A clock of another machine may be behind.
  certificate.validity.notBefore = new Date(now.getTime() - DAY_MS);
  certificate.validity.notAfter = new Date(now.getTime() + days * DAY_MS);
  certificate.setSubject([{ name: "commonName", value: subject }]);
  certificate.setIssuer([{ name: "commonName", value: issuer }]);
  certificate.setExtensions([...extensions]);
  certificate.sign(pki.privateKeyFromPem(signer ?? pair.privateKey), md.sha256.create());
  return { certificate: pki.certificateToPem(certificate), key: pair.privateKey };
}
