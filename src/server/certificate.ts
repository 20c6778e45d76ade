import { createPrivateKey, X509Certificate } from "node:crypto";
import { messageOf } from "../core/errors.ts";
import type { KeyPair } from "./private-certificate.ts";

/** Identifies the first certificate of a PEM text, as TLS libraries show it (SHA-256). */
export const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256;

/** The last moment at which a certificate holds. */
export const expiryOf = (pem: string): Date => new Date(new X509Certificate(pem).validTo);

/** What is wrong with a certificate or its key, each sentence with its subject left out; the key is never shown. */
export function certificateProblems(
  { certificate, key }: KeyPair,
  now = new Date(),
): { certificate?: string; key?: string } {
  let read: X509Certificate;
  try {
    read = new X509Certificate(certificate);
  } catch (error) {
    return { certificate: `is no certificate in PEM form (${messageOf(error)})` };
  }
  if (new Date(read.validTo) < now)
    return {
      certificate: `has expired at ${new Date(read.validTo).toISOString()}: give a new one`,
    };
  try {
    if (read.checkPrivateKey(createPrivateKey(key))) return {};
    return { key: "is not the key of the certificate" };
  } catch {
    return { key: "is no private key in PEM form without a passphrase; it is not shown here" };
  }
}
