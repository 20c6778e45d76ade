import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createMessage, encrypt, enums } from "openpgp";
import type { PartialConfig } from "openpgp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TenantryError } from "../../../../src/core/errors.ts";
import { archiveEntries, writeArchiveFile } from "../../../../src/fleet/archive/archive-file.ts";
import { archiveSecrets } from "../../../../src/fleet/archive/store/archive-secrets.ts";
import { ArchiveStore } from "../../../../src/fleet/archive/store/archive-store.ts";
import { decrypted } from "../../../../src/fleet/archive/store/encryption.ts";
import { scratchDirectory } from "../../../support/cluster.ts";
import {
  DATA_HEADER,
  decryptMessage,
  messageOf,
  packetsOf,
  TAG,
} from "../../../support/openpgp.ts";
import { noSequoia, openWithSequoia } from "../../../support/sequoia.ts";

const directory = scratchDirectory("encrypted");
const PASSPHRASE = "correct horse battery staple";
/** How much is in one part. */
const PART = 64 * 1024;
/** Some more than three parts. */
const CONTENT = randomBytes(200_000);

const storeWith = (passphrase?: string, former = ""): ArchiveStore =>
  new ArchiveStore({
    place: directory,
    secrets: () =>
      Promise.resolve(
        archiveSecrets({ archivePassphrase: passphrase, formerArchivePassphrases: former }, {}),
      ),
  });
const contentOf = async (store: ArchiveStore, path: string): Promise<Buffer> =>
  buffer(await store.read(path));
/** Encrypts it as an archive. */
async function encrypted(content: Buffer): Promise<Buffer> {
  const store = storeWith(PASSPHRASE);
  const path = await store.locate("some");
  await store.write(path, Readable.from([content]));
  return readFileSync(path);
}

let path: string;
let file: Buffer;
beforeAll(async () => {
  const store = storeWith(`${PASSPHRASE}\n`);
  path = await store.locate("it.tar.zst");
  const written = await store.write(path, Readable.from([CONTENT]));
  file = readFileSync(path);
  // The books know the file as it lies there.
  expect(written).toEqual({
    bytes: file.length,
    checksum: createHash("sha256").update(file).digest("hex"),
  });
});

test("a passphrase encrypts what is written, under a name that says so", async () => {
  expect(path).toBe(join(directory, "it.tar.zst.pgp"));
  expect(file.includes(CONTENT.subarray(0, 16))).toBe(false);
  expect(CONTENT.equals(await contentOf(storeWith(PASSPHRASE), path))).toBe(true);
});

test("the file says AES-256-GCM in parts of 64 KiB, and Argon2 for the passphrase", () => {
  const [key, data, ...more] = packetsOf(file);
  expect(more).toEqual([]);
  // Version 6, AES-256, GCM; Argon2 with 3 passes, 4 lanes, 2^16 KiB.
  expect(key?.tag).toBe(3);
  expect([...key!.body.subarray(0, 6)]).toEqual([
    6,
    expect.any(Number),
    9,
    3,
    expect.any(Number),
    4,
  ]);
  expect([...key!.body.subarray(22, 25)]).toEqual([3, 4, 16]);
  // Version 2, AES-256, GCM, 2^(10 + 6) bytes.
  expect(data?.tag).toBe(18);
  expect([...data!.body.subarray(0, 4)]).toEqual([2, 9, 3, 10]);
  const parts = Math.ceil(CONTENT.length / PART);
  const sealed = data!.body.length - DATA_HEADER - (parts + 1) * TAG;
  expect(sealed).toBeGreaterThan(CONTENT.length);
  expect(sealed).toBeLessThan(CONTENT.length + 300);
});

test("what follows the standard's words opens it, with node:crypto alone", async () => {
  for (const length of [0, 1, PART - 100, 5 * PART, 300 * PART + 7]) {
    const content = randomBytes(length);
    expect(decryptMessage(await encrypted(content), PASSPHRASE).equals(content)).toBe(true);
  }
  expect(() => decryptMessage(file, "another one")).toThrow();
});

test("no two files have a salt or a key in common", async () => {
  const [first, second] = [await encrypted(CONTENT), await encrypted(CONTENT)].map(packetsOf);
  expect(first![0]!.body.subarray(6, 22)).not.toEqual(second![0]!.body.subarray(6, 22));
  expect(first![1]!.body.subarray(4, DATA_HEADER)).not.toEqual(
    second![1]!.body.subarray(4, DATA_HEADER),
  );
});

test("what another program encrypted that way is read", async () => {
  // Written by gopenpgp 3.5.2, profile RFC 9580 with GCM.
  const theirs =
    "w1UGIwkDFARmGkvSzrvUVjpvr+E7HAp5AwQQXwQrmXARS+7/D5o9hB/Q3vDK+4221A/Jul938P2keLbJp1Dk3nzu4HD62G3KfijuXgG0gU+iMFhylPm60mgCCQMM4j/Ig7d4IrRvsFbcS6ioGmCkMwG4Y94hA/LWXDhhHeaUYfGQKzaHH3bTe3EQsdaWQwV+Es2ZIiG0cY34Rg7ajJnBHuPEPKZom0K0f5HPFmfo3rKAp634EhB53CogeAPjgnCl5Q==";
  const location = join(directory, "theirs.pgp");
  writeFileSync(location, Buffer.from(theirs, "base64"));
  const content = await contentOf(storeWith(PASSPHRASE), location);
  expect(content.toString()).toBe("Encrypted by gopenpgp 3.5.2.");
});

describe("Sequoia", () => {
  beforeEach(({ skip }) => {
    if (noSequoia !== undefined) skip(noSequoia);
  });

  test("opens it as the runbook says", () => {
    const clear = openWithSequoia(path, PASSPHRASE);
    expect(CONTENT.equals(readFileSync(clear))).toBe(true);
  });
});

test("what is not encrypted is read with a passphrase, too", async () => {
  const plain = join(directory, "plain");
  await storeWith().write(plain, Readable.from([CONTENT]));
  expect(CONTENT.equals(readFileSync(plain))).toBe(true);
  expect(CONTENT.equals(await contentOf(storeWith(PASSPHRASE), plain))).toBe(true);
});

test("what is encrypted is known by its content, too, when it lost its ending", async () => {
  const renamed = join(directory, "renamed");
  writeFileSync(renamed, file);
  expect(CONTENT.equals(await contentOf(storeWith(PASSPHRASE), renamed))).toBe(true);
});

test("former passphrases open it, and one of another stack", async () => {
  expect(CONTENT.equals(await contentOf(storeWith("new", `older\n${PASSPHRASE}\n`), path))).toBe(
    true,
  );
  const foreign = archiveSecrets({}, { TENANTRY_ARCHIVE_PASSPHRASE: PASSPHRASE });
  expect(foreign).toMatchObject({ passphrase: undefined, otherPassphrases: [PASSPHRASE] });
});

test("a wrong passphrase and none are one clear error each, without the passphrase", async () => {
  const wrong = contentOf(storeWith("another one"), path);
  await expect(wrong).rejects.toThrow(/encrypted with another passphrase.*TNT-721/);
  await expect(wrong).rejects.not.toThrow(/another one/);
  await expect(contentOf(storeWith(), path)).rejects.toThrow(/no passphrase.*TNT-720/);
});

/** A file like it, with a passphrase that is quickly tried. */
let quick: Buffer;
beforeAll(async () => {
  const message = await createMessage({ binary: new Uint8Array(CONTENT) });
  const config: PartialConfig = {
    aeadProtect: true,
    preferredAEADAlgorithm: enums.aead.gcm,
    aeadChunkSizeByte: 10,
    s2kType: enums.s2k.argon2,
    s2kArgon2Params: { passes: 1, parallelism: 1, memoryExponent: 3 },
  };
  quick = Buffer.from(await encrypt({ message, passwords: PASSPHRASE, format: "binary", config }));
});

/** Reads a file to its end. @returns what came out of it, and the error that it ended with */
async function readAll(bytes: Buffer): Promise<{ clear: Buffer; error: string }> {
  const damaged = join(directory, "damaged.pgp");
  writeFileSync(damaged, bytes);
  const pieces: Buffer[] = [];
  let error = "none";
  try {
    for await (const piece of await storeWith(PASSPHRASE).read(damaged))
      pieces.push(piece as Buffer);
  } catch (cause) {
    error = (cause as Error).message;
  }
  return { clear: Buffer.concat(pieces), error };
}

/** Only true beginnings of the content may have come out, in whole parts. */
async function expectRefused(bytes: Buffer, reason = /TNT-701|TNT-721/): Promise<void> {
  const { clear, error } = await readAll(bytes);
  expect(error).toMatch(reason);
  expect(clear.equals(CONTENT.subarray(0, clear.length))).toBe(true);
  expect(clear.length).toBeLessThanOrEqual(CONTENT.length);
}

/** The same message with other data, in a frame that fits it. */
function withData(change: (parts: Buffer[], last: Buffer, header: Buffer) => Buffer[]): Buffer {
  const [key, data] = packetsOf(quick);
  const header = data!.body.subarray(0, DATA_HEADER);
  const sealed = data!.body.subarray(DATA_HEADER, -TAG);
  const parts: Buffer[] = [];
  for (let at = 0; at < sealed.length; at += PART + TAG)
    parts.push(sealed.subarray(at, at + PART + TAG));
  const body = Buffer.concat(change(parts, data!.body.subarray(-TAG), header));
  return messageOf([key!, { tag: 18, body }]);
}
const flipped = (bytes: Buffer, at: number, bit = 0): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ (1 << bit);
  return copy;
};

describe("is refused when it is", () => {
  test("taken apart and put together again it is still whole", async () => {
    const same = withData((parts, last, header) => [header, ...parts, last]);
    expect(await readAll(same)).toEqual({ clear: CONTENT, error: "none" });
  });

  test.each<[string, () => Buffer]>([
    ["cut between two parts", () => withData(([a, b], _, header) => [header, a!, b!])],
    [
      "cut between two parts, with the last tag",
      () => withData(([a, b], last, header) => [header, a!, b!, last]),
    ],
    ["cut in a part", () => withData(([a, b], _, header) => [header, a!, b!.subarray(0, 999)])],
    ["without its last tag", () => withData((parts, _, header) => [header, ...parts])],
    [
      "with half of its last tag",
      () => withData((parts, last, header) => [header, ...parts, last.subarray(0, 8)]),
    ],
    ["cut before its parts", () => withData((_, last, header) => [header, last])],
    ["without any data", () => withData((_parts, _last, header) => [header])],
    [
      "in another order",
      () => withData(([a, b, ...rest], last, header) => [header, b!, a!, ...rest, last]),
    ],
    [
      "with a part twice",
      () => withData(([a, ...rest], last, header) => [header, a!, a!, ...rest, last]),
    ],
    [
      "without a part of its middle",
      () => withData(([a, , ...rest], last, header) => [header, a!, ...rest, last]),
    ],
    [
      "longer by a part",
      () => withData((parts, last, header) => [header, ...parts, parts[0]!, last]),
    ],
    [
      "longer by some bytes",
      () => withData((parts, last, header) => [header, ...parts, last, Buffer.alloc(10)]),
    ],
  ])("%s", async (_, damage) => expectRefused(damage(), /TNT-701/));

  test("cut anywhere", async () => {
    const [key] = packetsOf(quick);
    const places = [0, 1, 2, 60, key!.body.length + 2, key!.body.length + 3, 200, 1000, 70_000];
    const tail = Array.from({ length: 2 * TAG + 1 }, (_, missing) => quick.length - 1 - missing);
    for (const length of [...places, ...tail]) await expectRefused(quick.subarray(0, length));
  });

  test("cut anywhere in its last bytes, in a frame that fits", async () => {
    for (let missing = 1; missing <= 2 * TAG + 1; missing += 1)
      await expectRefused(
        withData((parts, last, header) => [
          Buffer.concat([header, ...parts, last]).subarray(0, -missing),
        ]),
        /TNT-701/,
      );
  });

  test("changed by a bit, in any byte of its beginning and many of the rest", async () => {
    const beginning = Array.from({ length: 160 }, (_, at) => at);
    const rest = Array.from(
      { length: 40 },
      (_, at) => 160 + Math.floor((at * (quick.length - 161)) / 39),
    );
    for (const at of [...beginning, ...rest]) await expectRefused(flipped(quick, at, at % 8));
  }, 120_000);

  test.each<[string, () => Buffer]>([
    ["a byte", () => Buffer.alloc(1)],
    ["a lot", () => randomBytes(100_000)],
    ["itself", () => quick],
    [
      "a packet that readers of OpenPGP skip",
      () => messageOf([{ tag: 10, body: Buffer.from("PGP") }]),
    ],
    ["a packet of padding", () => messageOf([{ tag: 21, body: randomBytes(100) }])],
    [
      "a packet of a kind that nobody knows",
      () => messageOf([{ tag: 60, body: randomBytes(100) }]),
    ],
  ])("followed by %s", async (_, tail) => {
    await expectRefused(Buffer.concat([quick, tail()]), /goes on after its end.*TNT-701/);
  });

  test("opened by a second passphrase, which somebody added", async () => {
    const [key, data] = packetsOf(quick);
    await expectRefused(messageOf([key!, key!, data!]), /not encrypted with AES-256-GCM.*TNT-701/);
  });
});

describe("encrypted otherwise is refused, with the right passphrase", () => {
  const modern: PartialConfig = {
    aeadProtect: true,
    preferredAEADAlgorithm: enums.aead.gcm,
    s2kType: enums.s2k.argon2,
  };
  test.each<[string, PartialConfig]>([
    ["in CFB, with a digest instead of authentication", { aeadProtect: false }],
    ["in AES-128", { ...modern, preferredSymmetricAlgorithm: enums.symmetric.aes128 }],
    ["in OCB", { ...modern, preferredAEADAlgorithm: enums.aead.ocb }],
    ["with a passphrase that is only hashed", { ...modern, s2kType: enums.s2k.iterated }],
  ])("%s", async (_, config) => {
    const message = await createMessage({ binary: new Uint8Array(CONTENT) });
    const bytes = await encrypt({ message, passwords: PASSPHRASE, format: "binary", config });
    const { clear, error } = await readAll(Buffer.from(bytes as Uint8Array));
    expect(error).toMatch(/not encrypted with AES-256-GCM in OpenPGP.*TNT-701/);
    expect(clear).toHaveLength(0);
  });

  test("not at all, under a name that says it is", async () => {
    const { clear, error } = await readAll(CONTENT);
    expect(error).toMatch(/not encrypted with AES-256-GCM in OpenPGP.*TNT-701/);
    expect(clear).toHaveLength(0);
  });

  test("with a key that would take all memory", async () => {
    const [key, data] = packetsOf(quick);
    const body = Buffer.from(key!.body);
    body[24] = 30;
    expect((await readAll(messageOf([{ tag: 3, body }, data!]))).error).toMatch(/2 GiB.*TNT-701/);
  });
});

test("an archive whose end is missing is no archive, though all of its entries are there", async () => {
  const store = storeWith(PASSPHRASE);
  const location = await store.locate("entries.tar.zst");
  await writeArchiveFile(store, location, async (add) => {
    await add("rows", randomBytes(3 * PART));
  });
  const [key, data] = packetsOf(readFileSync(location));
  const body = data!.body.subarray(0, -TAG);
  writeFileSync(
    location,
    messageOf([key!, { tag: 18, body: Buffer.concat([body, Buffer.alloc(TAG)]) }]),
  );
  const names: string[] = [];
  const reading = (async () => {
    for await (const { name, content } of archiveEntries(store, location)) {
      names.push(name);
      await buffer(content);
    }
  })();
  await expect(reading).rejects.toThrow(/TNT-701/);
  expect(names).toEqual(["rows"]);
});

test("a place that fails in the middle says so in its own words", async () => {
  const failing = (length: number): Readable =>
    Readable.from(
      (async function* () {
        yield quick.subarray(0, length);
        await Promise.resolve();
        throw new TenantryError("TNT-703", { file: path, reason: "the connection broke" });
      })(),
      { objectMode: false },
    );
  for (const length of [0, 50, 400, 100_000]) {
    const reading = decrypted(path, failing(length), () => Promise.resolve([PASSPHRASE]));
    await expect(reading.then((clear) => buffer(clear))).rejects.toThrow(
      /connection broke.*TNT-703/,
    );
  }
});

test("a large file passes in little memory, both ways", () => {
  const large = 384 * 1024 * 1024;
  const peak = JSON.parse(
    execFileSync(
      process.execPath,
      [
        "--max-old-space-size=48",
        join(import.meta.dirname, "../../../support/stream-encrypted.ts"),
        directory,
        String(large),
      ],
      { encoding: "utf8" },
    ),
  ) as { bytes: number; same: boolean; maxRSS: number };
  expect(peak).toMatchObject({ bytes: large, same: true });
  expect(peak.maxRSS * 1024).toBeLessThan(large);
}, 120_000);

test("what fails while it is encrypted leaves nothing", async () => {
  const before = readdirSync(directory);
  const failing = Readable.from(
    (async function* () {
      yield CONTENT;
      await Promise.resolve();
      throw new Error("the database went away");
    })(),
  );
  const store = storeWith(PASSPHRASE);
  await expect(store.write(await store.locate("failing"), failing)).rejects.toThrow(
    "the database went away",
  );
  expect(readdirSync(directory)).toEqual(before);
});
