import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { messageOf, TenantryError } from "../../../core/errors.ts";
import { bucketAndKey, folderOf } from "../../../core/archive-location.ts";
import type { BucketAccess } from "../../../core/archive-location.ts";
import { readableOf } from "./readable-of.ts";
import type { ArchivePlace } from "./archive-place.ts";

/**
 * How much of a file is in one request. S3 takes at most 10,000 parts of a file, so that an archive may have 160 GB;
 * two of them are in memory.
 */
const PART_BYTES = 16 * 1024 * 1024;
const PARTS_AT_ONCE = 2;

/** How long the other side may say nothing before a request is tried again. */
const SILENCE_MS = 60_000;

/** Buckets of S3 or of a server that speaks its protocol. A location is `s3://bucket/key`. */
export class Buckets implements ArchivePlace {
  readonly #access: BucketAccess;
  readonly #secretKey: () => Promise<string | undefined>;
  #client: Promise<S3Client> | undefined;

  /**
   * @param secretKey belongs to the access key's id. Without that id, credentials are where the AWS SDK looks for them:
   *   the environment, `~/.aws`, the machine's own role.
   */
  constructor(access: BucketAccess, secretKey: () => Promise<string | undefined>) {
    this.#access = access;
    this.#secretKey = secretKey;
  }

  async write(location: string, content: Readable): Promise<void> {
    let failure: unknown;
    content.once("error", (error) => (failure = error));
    try {
      const [{ Upload }, client] = await Promise.all([
        import("@aws-sdk/lib-storage"),
        this.#connect(),
      ]);
      const { bucket, key } = bucketAndKey(location);
      await new Upload({
        client,
        params: { Bucket: bucket, Key: key, Body: content },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      }).done();
    } catch (cause) {
      content.destroy();
      // What the content ended with is nothing that the bucket said.
      if (failure !== undefined) throw failure as Error;
      throw new TenantryError("TNT-712", { file: location, reason: said(cause) }, { cause });
    }
  }

  async read(location: string): Promise<Readable> {
    const { bucket, key } = bucketAndKey(location);
    const fail = (cause: unknown): TenantryError =>
      new TenantryError("TNT-703", { file: location, reason: said(cause) }, { cause });
    try {
      const { GetObjectCommand } = await import("@aws-sdk/client-s3");
      const client = await this.#connect();
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return readableOf(Body as Readable, fail);
    } catch (cause) {
      throw fail(cause);
    }
  }

  /** One request for a thousand files of a folder, rather than one a file. */
  async present(locations: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    for (const folder of new Set(locations.map(folderOf)))
      for (const location of await this.list(folder.slice(0, -1))) found.add(location);
    return locations.filter((location) => found.has(location));
  }

  async list(folder: string): Promise<string[]> {
    const { bucket, key: prefix } = bucketAndKey(`${folder}/`);
    try {
      const { paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
      const client = await this.#connect();
      const pages = paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix, Delimiter: "/" },
      );
      const keys: string[] = [];
      for await (const { Contents = [] } of pages)
        keys.push(...Contents.map(({ Key = "" }) => `s3://${bucket}/${Key}`));
      return keys;
    } catch (cause) {
      throw new TenantryError("TNT-703", { file: folder, reason: said(cause) }, { cause });
    }
  }

  /** The SDK is loaded at first use: most commands need none. */
  #connect(): Promise<S3Client> {
    return (this.#client ??= this.#makeClient());
  }

  async #makeClient(): Promise<S3Client> {
    const { endpoint, region, accessKeyId } = this.#access;
    const secretAccessKey = await this.#secretKey();
    const { S3Client } = await import("@aws-sdk/client-s3");
    return new S3Client({
      // A server of one's own has no regions, but a signature names one.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true, region: "us-east-1" }),
      ...(region !== undefined && { region }),
      ...(accessKeyId !== undefined &&
        secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
      requestHandler: { requestTimeout: SILENCE_MS, connectionTimeout: 10_000 },
    });
  }
}

/** What the other side said: `NoSuchBucket: The specified bucket does not exist`. */
function said(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string };
  const message = messageOf(error);
  const kind = name === undefined || name === "Error" ? code : name;
  return kind === undefined || message.includes(kind) ? message : `${kind}: ${message}`;
}
