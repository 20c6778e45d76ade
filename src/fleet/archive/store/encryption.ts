import type { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { messageOf, TenantryError } from "../../../core/errors.ts";
import { readableOf } from "./readable-of.ts";

/** What a file in the format of age (https://age-encryption.org/v1) begins with. */
const AGE = Buffer.from("age-encryption.org/v1\n");

/** How many first bytes tell whether a file is encrypted. */
export const START_BYTES = AGE.length;

/** Whether a file that begins so is encrypted. */
export const isEncrypted = (start: Buffer): boolean => start.subarray(0, AGE.length).equals(AGE);

/**
 * scrypt's cost as a power of two: 128 MB and some 0.5 s an archive. It is what OWASP's Password Storage Cheat Sheet
 * asks for (N = 2^17, r = 8, p = 1).
 */
const SCRYPT_WORK_FACTOR = 17;

/** Encrypts what flows through a pipeline with a passphrase: with age, in parts of 64 KiB that each prove themselves. */
export function encrypting(passphrase: string) {
  return async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { Encrypter } = await import("age-encryption");
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(SCRYPT_WORK_FACTOR);
    yield* await encrypter.encrypt(ReadableStream.from(content));
  };
}

/** What the library says when no passphrase fits. */
const NO_MATCH = "no identity matched any of the file's recipients";

/**
 * What was encrypted. A part comes out only when it is the right one at its place, and the end only when it is the end.
 *
 * @param passphrases each is tried
 * @throws {TenantryError} TNT-720 without a passphrase, TNT-721 when none fits; TNT-701 when the file is damaged, also
 *   in the middle
 */
export async function decrypted(
  file: string,
  content: Readable,
  passphrases: readonly string[],
): Promise<Readable> {
  try {
    if (passphrases.length === 0) throw new TenantryError("TNT-720", { file });
    const { Decrypter } = await import("age-encryption");
    const decrypter = new Decrypter();
    for (const passphrase of new Set(passphrases)) decrypter.addPassphrase(passphrase);
    return readableOf(await decrypter.decrypt(ReadableStream.from(content)), (cause) =>
      explain(file, cause),
    );
  } catch (cause) {
    content.destroy();
    throw explain(file, cause);
  }
}

function explain(file: string, cause: unknown): unknown {
  if (cause instanceof TenantryError) return cause;
  const reason = messageOf(cause);
  if (reason === NO_MATCH) return new TenantryError("TNT-721", { file }, { cause });
  return new TenantryError(
    "TNT-701",
    { file, reason: `it is not what was encrypted (${reason})` },
    { cause },
  );
}
