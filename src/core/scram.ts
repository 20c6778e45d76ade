import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** PostgreSQL's own default (`scram_iterations`), and the least that RFC 7677 allows. */
const ITERATIONS = 4096;

/**
 * The SCRAM-SHA-256 verifier of a password, in the form `pg_authid.rolpassword` holds and `ALTER ROLE .. PASSWORD`
 * takes (RFC 5803): with it the server can prove a login, and nobody can log in.
 *
 * @param password printable ASCII, which SASLprep (RFC 4013) leaves as it is
 * @param salt 16 random bytes
 */
export function scramVerifier(password: string, salt: Uint8Array): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const key = (name: string): Buffer => createHmac("sha256", salted).update(name).digest();
  const storedKey = createHash("sha256").update(key("Client Key")).digest("base64");
  const serverKey = key("Server Key").toString("base64");
  const encodedSalt = Buffer.from(salt).toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${encodedSalt}$${storedKey}:${serverKey}`;
}

/** Whether SASLprep leaves a password as it is, so that every client sends the same bytes. */
export function isPlainPassword(password: string): boolean {
  return /^[\x20-\x7e]+$/.test(password);
}
