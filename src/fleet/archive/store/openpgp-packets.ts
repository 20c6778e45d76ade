/**
 * How much of a file's beginning tells what it is, in bytes: the packet of the session key, 80 or so, and what comes
 * before the data in the next one.
 */
export const START_BYTES = 256;

/** The first octet of a packet with a session key for a passphrase, and of one with encrypted data. */
const SESSION_KEY = 0xc0 | 3;
const DATA = 0xc0 | 18;

/** The one way of encrypting that is written and read, by the numbers of RFC 9580. */
const AES256 = 9;
const GCM = 3;
const ARGON2 = 4;
/** Argon2 with its salt, passes, lanes and memory; the nonce; in octets. */
const ARGON2_LENGTH = 1 + 16 + 3;
const NONCE = 12;

/** What the body of such a packet begins with: version, lengths, ciphers. */
const KEY_BEGINS = [6, 3 + ARGON2_LENGTH + NONCE, AES256, GCM, ARGON2_LENGTH, ARGON2] as const;
const DATA_BEGINS = [2, AES256, GCM] as const;

/** 2^21 KiB, the most that RFC 9106 recommends: a file must not make its reader ask for more. */
const MOST_ARGON2_MEMORY = 21;
/** 2^(16 + 6) bytes, the most that RFC 9580 allows: a part is in memory as a whole. */
const MOST_PART_BYTES = 16;

/** Whether a file that begins so is an OpenPGP message that a passphrase opens. */
export const isMessage = (start: Buffer): boolean => start[0] === SESSION_KEY;

/**
 * Lets a file through that is encrypted in the one way that is written here, and nothing else: one session key for one
 * passphrase, and one packet of data, both in AES-256-GCM, with nothing after it. OpenPGP allows more than that, weaker
 * ciphers and packets that are skipped among it. Nothing is decrypted here.
 *
 * @param start its first {@link START_BYTES}, or more
 * @throws {Error} that says what is wrong, at once or in the middle
 */
export async function* strictMessage(
  start: Buffer,
  content: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let left = dataPacketOf(start);
  let isLast = false;
  let header: number[] = [];
  for await (const piece of content) {
    for (let at = 0; at < piece.length;) {
      if (left > 0) {
        const step = Math.min(left, piece.length - at);
        left -= step;
        at += step;
      } else if (isLast) {
        throw new Error("it goes on after its end");
      } else {
        header.push(piece[at++] ?? 0);
        const length = lengthOf(Buffer.from(header));
        if (length === undefined) continue;
        ({ bytes: left, isLast } = length);
        header = [];
      }
    }
    yield piece;
  }
  if (!isLast || left > 0) throw new Error(TOO_EARLY);
}

const OTHERWISE = "it is not encrypted with AES-256-GCM in OpenPGP";
const TOO_EARLY = "it ends too early";

/** Checks how a message is encrypted. @returns where the length of its data is */
function dataPacketOf(start: Buffer): number {
  const key = packetAt(start, 0, SESSION_KEY, KEY_BEGINS);
  const memory = key.body[KEY_BEGINS.length - 2 + ARGON2_LENGTH] ?? Infinity;
  if (memory > MOST_ARGON2_MEMORY)
    throw new Error("its passphrase would take more than 2 GiB of memory");
  const data = packetAt(start, key.end, DATA, DATA_BEGINS);
  if ((data.body[DATA_BEGINS.length] ?? Infinity) > MOST_PART_BYTES) throw new Error(OTHERWISE);
  return key.end + 1;
}

/** The packet that begins there, its body as far as it is in there. */
function packetAt(
  start: Buffer,
  at: number,
  tag: number,
  begins: readonly number[],
): { body: Buffer; end: number } {
  if (at >= start.length) throw new Error(TOO_EARLY);
  if (start[at] !== tag) throw new Error(OTHERWISE);
  const length = lengthOf(start.subarray(at + 1));
  if (length === undefined) throw new Error(TOO_EARLY);
  const from = at + 1 + length.octets;
  const end = from + length.bytes;
  const body = start.subarray(from, end);
  if (!begins.every((octet, index) => body[index] === octet)) throw new Error(OTHERWISE);
  return { body, end };
}

interface Length {
  /** How many octets tell it. */
  readonly octets: number;
  /** How much of the packet comes now. */
  readonly bytes: number;
  /** Whether that is the rest of it. */
  readonly isLast: boolean;
}

/** A packet's length (RFC 9580, section 4.2.1); undefined when octets of it are missing. */
function lengthOf(header: Buffer): Length | undefined {
  const [first, second] = header;
  if (first === undefined) return undefined;
  if (first < 192) return { octets: 1, bytes: first, isLast: true };
  if (first < 224)
    return second === undefined
      ? undefined
      : { octets: 2, bytes: (first - 192) * 256 + second + 192, isLast: true };
  if (first < 255) return { octets: 1, bytes: 2 ** (first - 224), isLast: false };
  return header.length < 5 ? undefined : { octets: 5, bytes: header.readUInt32BE(1), isLast: true };
}
