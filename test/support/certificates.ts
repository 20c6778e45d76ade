import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files in PEM form. */
export interface Certificates {
  /** The authority's certificate. */
  readonly ca: string;
  /** A server's certificate that this authority signed, and its key. */
  readonly certificate: string;
  readonly key: string;
}

// X.509 (RFC 5280) in DER: a tag, a length, the content.
const SEQUENCE = 0x30;
const DAY_MS = 86_400_000;

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  const prefix = length < 0x80 ? [] : [0x80 + bytes.length];
  return Buffer.concat([Buffer.from([tag, ...prefix, ...bytes]), body]);
}

const sequence = (...content: readonly Buffer[]): Buffer => der(SEQUENCE, ...content);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
/** YYMMDDhhmmssZ */
const inDays = (days: number): Buffer => {
  const time = new Date(Date.now() + days * DAY_MS).toISOString();
  return der(0x17, Buffer.from(time.replaceAll(/^..|[-:T]|\.\d+/g, "")));
};
const bitString = (bytes: Buffer): Buffer => der(0x03, Buffer.from([0]), bytes);

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const TRUE = Buffer.from([0x01, 0x01, 0xff]);
const extension = (id: Buffer, ...content: readonly Buffer[]): Buffer =>
  sequence(id, der(0x04, sequence(...content)));
const IS_AUTHORITY = extension(oid(0x55, 0x1d, 0x13), TRUE);
const forHost = (host: string): Buffer =>
  extension(oid(0x55, 0x1d, 0x11), der(0x82, Buffer.from(host)));

const named = (name: string): Buffer =>
  sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))));

interface Declaration {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  /** The issuer's. */
  readonly privateKey: KeyObject;
  readonly extension: Buffer;
}

function certificate({ issuer, subject, publicKey, privateKey, extension }: Declaration): string {
  const content = sequence(
    der(0xa0, Buffer.from([0x02, 0x01, 0x02])), // version 3
    der(0x02, Buffer.from([0x01]), randomBytes(8)),
    ECDSA_WITH_SHA256,
    named(issuer),
    sequence(inDays(-1), inDays(2)),
    named(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signature = bitString(sign("sha256", content, privateKey));
  const text = sequence(content, ECDSA_WITH_SHA256, signature).toString("base64");
  const lines = text.replaceAll(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "prime256v1" });

/** Makes an authority, and a server's certificate for a host. */
export function makeCertificates(directory: string, host: string): Certificates {
  const authority = newKeys();
  const server = newKeys();
  const issuer = `authority ${randomBytes(4).toString("hex")} of the tests`;
  const write = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text, { mode: 0o644 });
    return join(directory, name);
  };
  const { privateKey } = authority;
  return {
    ca: write(
      "ca.pem",
      certificate({ issuer, subject: issuer, ...authority, extension: IS_AUTHORITY }),
    ),
    certificate: write(
      "server.pem",
      certificate({
        ...{ issuer, subject: host, publicKey: server.publicKey, privateKey },
        extension: forHost(host),
      }),
    ),
    key: write("server.key", String(server.privateKey.export({ type: "pkcs8", format: "pem" }))),
  };
}
