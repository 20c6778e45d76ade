/** What an error of a connection says, with all that is behind it. */
export interface ConnectionFailure {
  /** Codes of the system, of TLS and of PostgreSQL. */
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

/** Why no connection came about, where it is known. */
export type ConnectionProblem = "password" | "authority" | "name" | "no-tls" | "tls-demanded";

/** OpenSSL's words for a chain of certificates that ends nowhere known, is over, or was never valid. */
const UNTRUSTED = [
  ...["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_HAS_EXPIRED"],
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  ...["UNABLE_TO_GET_ISSUER_CERT", "CERT_SIGNATURE_FAILURE", "CERT_NOT_YET_VALID"],
  ...["CERT_REVOKED", "INVALID_CA", "INVALID_PURPOSE", "CERT_UNTRUSTED", "CERT_REJECTED"],
];

/** Which of the usual mistakes a failed connection is; undefined when it is none of them. */
export function connectionProblem({
  codes,
  messages,
}: ConnectionFailure): ConnectionProblem | undefined {
  const has = (code: string): boolean => codes.includes(code);
  if (has("28P01")) return "password";
  if (has("ERR_TLS_CERT_ALTNAME_INVALID")) return "name";
  if (UNTRUSTED.some(has)) return "authority";
  // pg's own words, without a code.
  if (messages.includes("The server does not support SSL connections")) return "no-tls";
  if (has("28000") && messages.some((text) => /no encryption|SSL off/.test(text)))
    return "tls-demanded";
  return undefined;
}
