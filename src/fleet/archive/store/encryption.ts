import type { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import type { Message, SessionKey } from "openpgp";
import { ENCRYPTED_ENDING } from "../../../core/archive-location.ts";
import { messageOf, TenantryError } from "../../../core/errors.ts";
import { isMessage, START_BYTES, strictMessage } from "./openpgp-packets.ts";
import { readableOf, startOf } from "./readable-of.ts";

/** 64 KiB, as an octet of OpenPGP: 2^(10 + 6). */
const PART_BYTES = 10;

/**
 * Encrypts what flows through a pipeline with a passphrase: an OpenPGP message (RFC 9580) in AES-256-GCM, in parts that
 * each prove themselves and their place. Argon2 makes the key, with what RFC 9106 recommends second: 64 MiB, 3 passes,
 * 4 lanes.
 */
export function encrypting(passphrase: string) {
  return async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { createMessage, encrypt, enums } = await import("openpgp");
    const message = await createMessage({ binary: ReadableStream.from(content) });
    yield* await encrypt({
      message,
      passwords: passphrase,
      format: "binary",
      config: {
        aeadProtect: true,
        preferredSymmetricAlgorithm: enums.symmetric.aes256,
        preferredAEADAlgorithm: enums.aead.gcm,
        aeadChunkSizeByte: PART_BYTES,
        s2kType: enums.s2k.argon2,
        s2kArgon2Params: { passes: 3, parallelism: 4, memoryExponent: 16 },
        // It comes compressed.
        preferredCompressionAlgorithm: enums.compression.uncompressed,
      },
    });
  };
}

/**
 * A file in clear, whether it is encrypted or not. What was encrypted comes out part by part, each only when it is the
 * right one at its place, and the end only when it is the end. A name that says so is believed: who can replace a file
 * must not get one of his own taken for it.
 *
 * @param passphrases each is tried; they are asked for when they are needed
 * @throws {TenantryError} TNT-720 without a passphrase, TNT-721 when none fits; TNT-701 when the file is damaged or
 *   encrypted otherwise, also in the middle
 */
export async function decrypted(
  file: string,
  content: Readable,
  passphrases: () => Promise<readonly string[]>,
): Promise<Readable> {
  const { start, whole } = await startOf(content, START_BYTES);
  if (!isMessage(start) && !file.endsWith(ENCRYPTED_ENDING)) return whole;
  // The library wraps in words of its own what the place said.
  let failure: unknown;
  whole.once("error", (error) => (failure = error));
  const explained = (cause: unknown): unknown => explain(file, failure ?? cause);
  try {
    const { decrypt, readMessage } = await import("openpgp");
    const known = await passphrases();
    if (known.length === 0) throw new TenantryError("TNT-720", { file });
    const binaryMessage = ReadableStream.from(strictMessage(start, whole));
    const message = await readMessage({ binaryMessage });
    const sessionKeys = await sessionKeyOf(file, message, known);
    const opened = await decrypt({ message, sessionKeys, format: "binary" });
    return readableOf(opened.data as ReadableStream<Uint8Array>, explained);
  } catch (cause) {
    whole.destroy();
    throw explained(cause);
  }
}

/** One after the other: each takes 64 MiB. */
async function sessionKeyOf(
  file: string,
  message: Message<ReadableStream<Uint8Array>>,
  passphrases: readonly string[],
): Promise<SessionKey[]> {
  const { decryptSessionKeys } = await import("openpgp");
  let cause: unknown;
  for (const passwords of new Set(passphrases)) {
    try {
      const keys = await decryptSessionKeys({ message, passwords });
      // A key of this version does not say what it is for: the data does.
      return keys.map(({ data }) => ({ data, algorithm: "aes256" }));
    } catch (error) {
      cause = error;
    }
  }
  throw new TenantryError("TNT-721", { file }, { cause });
}

function explain(file: string, cause: unknown): unknown {
  if (cause instanceof TenantryError) return cause;
  return new TenantryError(
    "TNT-701",
    { file, reason: `it is not what was encrypted (${messageOf(cause)})` },
    { cause },
  );
}
