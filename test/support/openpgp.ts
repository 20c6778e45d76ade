import { argon2Sync, createDecipheriv, hkdfSync } from "node:crypto";

/** A packet of OpenPGP, without its framing. */
export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** Takes a message apart (RFC 9580, section 4.2). It knows nothing of the product's code. */
export function packetsOf(message: Buffer): Packet[] {
  const packets: Packet[] = [];
  let at = 0;
  while (at < message.length) {
    const tag = message[at++]! & 63;
    const parts: Buffer[] = [];
    for (let isPartial = true; isPartial;) {
      const first = message[at]!;
      isPartial = first >= 224 && first < 255;
      let [size, octets] = [first, 1];
      if (isPartial) size = 1 << (first & 31);
      else if (first === 255) [size, octets] = [message.readUInt32BE(at + 1), 5];
      else if (first >= 192) [size, octets] = [((first - 192) << 8) + message[at + 1]! + 192, 2];
      at += octets;
      parts.push(message.subarray(at, at + size));
      at += size;
    }
    packets.push({ tag, body: Buffer.concat(parts) });
  }
  return packets;
}

/** Puts a message together, each packet in one piece. */
export function messageOf(packets: readonly Packet[]): Buffer {
  return Buffer.concat(
    packets.flatMap(({ tag, body }) => {
      const length = Buffer.alloc(5, 255);
      length.writeUInt32BE(body.length, 1);
      return [Buffer.from([0xc0 | tag]), length, body];
    }),
  );
}

/** What comes before the encrypted parts in the body of a packet of data: version, cipher, mode, size, salt. */
export const DATA_HEADER = 4 + 32;
/** The length of GCM's authentication tag. */
export const TAG = 16;

/**
 * Decrypts a message by the words of RFC 9580, sections 5.3.2 and 5.13.2, with node:crypto alone.
 *
 * @throws {Error} when it is not Argon2, AES-256 and GCM, or does not authenticate
 */
export function decryptMessage(message: Buffer, passphrase: string): Buffer {
  const [key, data, ...more] = packetsOf(message);
  if (key?.tag !== 3 || data?.tag !== 18 || more.length > 0) throw new Error("other packets");
  const opened = openData(data.body, sessionKeyOf(key.body, passphrase));
  return Buffer.concat(packetsOf(opened).map(({ body }) => literalOf(body)));
}

function sessionKeyOf(body: Buffer, passphrase: string): Buffer {
  const [version, , cipher, mode, , s2k] = body;
  if (version !== 6 || cipher !== 9 || mode !== 3 || s2k !== 4) throw new Error("another key");
  const [passes, parallelism, memory] = body.subarray(22, 25);
  const derived = argon2Sync("argon2id", {
    message: passphrase,
    nonce: body.subarray(6, 22),
    passes: passes!,
    parallelism: parallelism!,
    memory: 2 ** memory!,
    tagLength: 32,
  });
  const info = Buffer.from([0xc3, 6, 9, 3]);
  const keyEncryptionKey = Buffer.from(hkdfSync("sha256", derived, "", info, 32));
  return open(keyEncryptionKey, body.subarray(25, 37), info, body.subarray(37));
}

function openData(body: Buffer, sessionKey: Buffer): Buffer {
  const [version, cipher, mode, size] = body;
  if (version !== 2 || cipher !== 9 || mode !== 3) throw new Error("another cipher");
  const info = Buffer.from([0xd2, 2, 9, 3, size!]);
  const salt = body.subarray(4, DATA_HEADER);
  const derived = Buffer.from(hkdfSync("sha256", sessionKey, salt, info, 32 + 4));
  const numbered = (number: number): Buffer => {
    const nonce = Buffer.alloc(12);
    derived.copy(nonce, 0, 32);
    nonce.writeBigUInt64BE(BigInt(number), 4);
    return nonce;
  };
  const part = 2 ** (size! + 6) + TAG;
  const end = body.length - TAG;
  const parts: Buffer[] = [];
  for (let at = DATA_HEADER; at < end; at += part) {
    const sealed = body.subarray(at, Math.min(at + part, end));
    parts.push(open(derived.subarray(0, 32), numbered(parts.length), info, sealed));
  }
  const clear = Buffer.concat(parts);
  const total = Buffer.alloc(8);
  total.writeBigUInt64BE(BigInt(clear.length));
  const last = Buffer.concat([info, total]);
  open(derived.subarray(0, 32), numbered(parts.length), last, body.subarray(end));
  return clear;
}

function open(key: Buffer, nonce: Buffer, additional: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  decipher.setAAD(additional);
  decipher.setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
}

/** The content of a literal packet: after its format, a name and a date. */
const literalOf = (body: Buffer): Buffer => body.subarray(1 + 1 + body[1]! + 4);
