import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { Transform } from "node:stream";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ENCRYPTED_ENDING, isInBucket } from "../../../core/archive-location.ts";
import type { BucketAccess } from "../../../core/archive-location.ts";
import type { ArchiveSecrets } from "./archive-secrets.ts";
import type { ArchivePlace } from "./archive-place.ts";
import { Buckets } from "./bucket.ts";
import { decrypted, encrypting } from "./encryption.ts";
import { FOLDER, removeUnfinished } from "./folder.ts";

/** What came of writing. */
export interface WrittenFile {
  readonly bytes: number;
  /** SHA-256 of the file as it lies there, in hexadecimal. */
  readonly checksum: string;
}

export interface ArchiveStoreOptions {
  /** Where new archives go: a folder, or `s3://bucket/prefix`. */
  readonly place: string;
  readonly bucketAccess?: BucketAccess | undefined;
  /** Asked for when they are needed. Default: none. */
  readonly secrets?: () => Promise<ArchiveSecrets>;
}

/** Where the archives of a stack are, as files. Older ones may lie elsewhere than new ones: each is where the books say. */
export class ArchiveStore {
  /** Where new archives go: an absolute path, or `s3://bucket/prefix`. */
  readonly place: string;
  readonly #secrets: () => Promise<ArchiveSecrets>;
  readonly #buckets: ArchivePlace;

  constructor({ place, bucketAccess = {}, secrets = noSecrets }: ArchiveStoreOptions) {
    this.place = absolute(place).replace(/(?<=.)\/+$/, "");
    this.#secrets = secrets;
    this.#buckets = new Buckets(bucketAccess, async () => (await secrets()).secretKey);
  }

  #placeOf(location: string): ArchivePlace {
    return isInBucket(location) ? this.#buckets : FOLDER;
  }

  /** The location of a new file: with a number when the name is taken, as after a clock that went back. */
  async locate(name: string): Promise<string> {
    const { passphrase } = await this.#secrets();
    const ending = passphrase === undefined ? "" : ENCRYPTED_ENDING;
    for (let number = 1; ; number += 1) {
      const file = (number === 1 ? name : name.replace(/\.|$/, `-${number}$&`)) + ending;
      const location = isInBucket(this.place) ? `${this.place}/${file}` : join(this.place, file);
      // A bucket that does not tell says why when it is written to.
      const taken = await this.present([location]).catch(() => new Set());
      if (taken.size === 0) return location;
    }
  }

  /**
   * Removes what killed programs left half written of files whose names begin so. A bucket shows nothing of it.
   *
   * @throws {TenantryError} TNT-712
   */
  async removeUnfinished(prefix: string): Promise<void> {
    if (!isInBucket(this.place)) await removeUnfinished(this.place, prefix);
  }

  /**
   * Keeps a file, encrypted where the stack has a passphrase: whole or not at all.
   *
   * @throws {TenantryError} TNT-712 when the place refuses, a full disk for instance; and what the content throws.
   *   Nothing is left then.
   */
  async write(location: string, content: Readable): Promise<WrittenFile> {
    const { passphrase } = await this.#secrets();
    const hash = createHash("sha256");
    let bytes = 0;
    const measured = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    const flow =
      passphrase === undefined
        ? pipeline(content, measured)
        : pipeline(content, encrypting(passphrase), measured);
    const kept = this.#placeOf(location).write(location, measured);
    // The place knows best what went wrong: to the other side it only is an end that came too early.
    const [place, source] = await Promise.allSettled([kept, flow]);
    if (place.status === "rejected") throw place.reason;
    if (source.status === "rejected") throw source.reason;
    return { bytes, checksum: hash.digest("hex") };
  }

  /**
   * What a file holds, in clear.
   *
   * @throws {TenantryError} TNT-703 when it cannot be read; TNT-720, TNT-721 when it is encrypted and no passphrase
   *   opens it; TNT-701 when it is damaged. Each may come in the middle, too.
   */
  async read(location: string): Promise<Readable> {
    const content = await this.#placeOf(location).read(location);
    return await decrypted(location, content, async () => {
      const { passphrase, otherPassphrases = [] } = await this.#secrets();
      return passphrase === undefined ? otherPassphrases : [passphrase, ...otherPassphrases];
    });
  }

  /** The checksum of a whole file, as {@link WrittenFile} has it. @throws {TenantryError} TNT-703 */
  async checksum(location: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(await this.#placeOf(location).read(location), hash);
    return hash.digest("hex");
  }

  /** Those of the locations at which a file is. @throws {TenantryError} TNT-703 when a bucket does not tell */
  async present(locations: readonly string[]): Promise<ReadonlySet<string>> {
    const inBuckets = locations.filter(isInBucket);
    const inFolders = locations.filter((location) => !isInBucket(location));
    const lists = await Promise.all([
      FOLDER.present(inFolders),
      inBuckets.length === 0 ? [] : this.#buckets.present(inBuckets),
    ]);
    return new Set(lists.flat());
  }
}

/** A location, whatever folder it is looked at from. */
export const absolute = (location: string): string =>
  isInBucket(location) ? location : resolve(location);

const noSecrets = (): Promise<ArchiveSecrets> => Promise.resolve({});
