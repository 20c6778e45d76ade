import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Decrypter } from "age-encryption";
import { beforeAll, describe, expect, test } from "vitest";
import { archiveSecrets } from "../../../../src/fleet/archive/store/archive-secrets.ts";
import { ArchiveStore } from "../../../../src/fleet/archive/store/archive-store.ts";
import { scratchDirectory } from "../../../support/cluster.ts";

const directory = scratchDirectory("encrypted");
const PASSPHRASE = "correct horse battery staple";
/** Some more than three parts of 64 KiB. */
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
  expect(path).toBe(join(directory, "it.tar.zst.age"));
  expect(file.subarray(0, 22).toString()).toBe("age-encryption.org/v1\n");
  expect(file.includes(CONTENT.subarray(0, 16))).toBe(false);
  expect(CONTENT.equals(await contentOf(storeWith(PASSPHRASE), path))).toBe(true);
});

test("programs that know age open it", async () => {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(PASSPHRASE);
  expect(CONTENT.equals(await decrypter.decrypt(file))).toBe(true);
});

test("what is not encrypted is read with a passphrase, too", async () => {
  const plain = join(directory, "plain");
  await storeWith().write(plain, Readable.from([CONTENT]));
  expect(CONTENT.equals(readFileSync(plain))).toBe(true);
  expect(CONTENT.equals(await contentOf(storeWith(PASSPHRASE), plain))).toBe(true);
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

describe("is refused when it is", () => {
  const PART = 65_536 + 16;
  const header = (): number => file.indexOf("\n", file.indexOf("\n--- ") + 1) + 1 + 16;
  const flip = (at: number) => (bytes: Buffer) => {
    bytes[at] = bytes[at]! ^ 1;
    return bytes;
  };
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["cut inside of a part", (bytes) => bytes.subarray(0, bytes.length - 1)],
    ["cut between two parts", (bytes) => bytes.subarray(0, header() + 2 * PART)],
    ["cut after its header", (bytes) => bytes.subarray(0, header())],
    ["cut in its header", (bytes) => bytes.subarray(0, 60)],
    ["longer than it was", (bytes) => Buffer.concat([bytes, Buffer.alloc(10)])],
    [
      "in another order",
      (bytes) =>
        Buffer.concat([
          bytes.subarray(0, header()),
          bytes.subarray(header() + PART, header() + 2 * PART),
          bytes.subarray(header(), header() + PART),
          bytes.subarray(header() + 2 * PART),
        ]),
    ],
    ["with a bit flipped at its end", (bytes) => flip(bytes.length - 1)(bytes)],
    ["with a bit flipped in the middle", (bytes) => flip(header() + PART + 5)(bytes)],
    ["with a bit flipped in its header", (bytes) => flip(30)(bytes)],
  ])("%s", async (_, change) => {
    const damaged = join(directory, "damaged.age");
    writeFileSync(damaged, change(Buffer.from(file)));
    await expect(contentOf(storeWith(PASSPHRASE), damaged)).rejects.toThrow(/TNT-701|TNT-721/);
  });
});

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
