import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { archiveTenant } from "../../../../src/fleet/archive/archive-tenant.ts";
import { readArchiveHead } from "../../../../src/fleet/archive/archive-file.ts";
import { ArchiveStore } from "../../../../src/fleet/archive/store/archive-store.ts";
import type { ArchiveStoreOptions } from "../../../../src/fleet/archive/store/archive-store.ts";
import { provisionTenant } from "../../../../src/fleet/provision-tenant.ts";
import { removeTenant } from "../../../../src/fleet/remove-tenant.ts";
import { updateTenant } from "../../../../src/fleet/update-tenant.ts";
import type { FleetContext } from "../../../../src/fleet/context.ts";
import { sharedCluster } from "../../../support/cluster.ts";
import { freePort } from "../../../support/free-port.ts";
import { preparePlatform, spec } from "../../../support/platform.ts";
import type { TestPlatform } from "../../../support/platform.ts";
import { noS3Server, S3Server } from "../../../support/s3-server.ts";
import type { S3Key } from "../../../support/s3-server.ts";

const BUCKET = "archives";
let server: S3Server;
let platform: TestPlatform;

beforeAll(async () => {
  if (noS3Server !== undefined) return;
  server = await S3Server.start();
  await server.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  platform = await preparePlatform(await sharedCluster());
});
afterAll(async () => {
  if (noS3Server !== undefined) return;
  server.stop();
  await platform.close();
});
beforeEach(({ skip }) => {
  if (noS3Server !== undefined) skip(noS3Server);
});

function storeOf(
  { accessKeyId, secretAccessKey }: S3Key = server.root,
  { place = `s3://${BUCKET}/prod`, endpoint = server.endpoint, passphrase = "" } = {},
): ArchiveStore {
  const options: ArchiveStoreOptions = {
    place,
    bucketAccess: { endpoint, accessKeyId },
    secrets: () =>
      Promise.resolve({ secretKey: secretAccessKey, passphrase: passphrase || undefined }),
  };
  return new ArchiveStore(options);
}

/** What is in the bucket, half-sent files included. */
async function objects(): Promise<string[]> {
  const { Contents = [] } = await server.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  const { Uploads = [] } = await server.client.send(
    new ListMultipartUploadsCommand({ Bucket: BUCKET }),
  );
  return [...Contents.map(({ Key }) => Key ?? ""), ...Uploads.map(({ Key }) => `${Key} (parts)`)];
}

/** Bytes in pieces, in memory one at a time; then an error, where one is given. */
function pieces(count: number, error?: Error): { content: Readable; hash: () => string } {
  const hash = createHash("sha256");
  const content = Readable.from(
    (async function* () {
      for (let piece = 0; piece < count; piece += 1) {
        const bytes = randomBytes(1024 * 1024);
        hash.update(bytes);
        yield bytes;
        await Promise.resolve();
      }
      if (error) throw error;
    })(),
    { objectMode: false },
  );
  return { content, hash: () => hash.digest("hex") };
}

describe("a file in a bucket", () => {
  test.each([
    ["in one request", 1],
    ["in several parts", 40],
  ])("comes back as it went, %s", async (_, size) => {
    const store = storeOf();
    const location = await store.locate(`file-${size}`);
    expect(location).toBe(`s3://${BUCKET}/prod/file-${size}`);
    const { content, hash } = pieces(size);
    const written = await store.write(location, content);
    expect(written).toEqual({ bytes: size * 1024 * 1024, checksum: hash() });
    expect(await store.checksum(location)).toBe(written.checksum);
    const missing = `s3://${BUCKET}/prod/missing`;
    expect([...(await store.present([missing, location]))]).toEqual([location]);
  });

  test.each([1, 40])("of %i MB that ends with an error is not there", async (size) => {
    const before = await objects();
    const store = storeOf();
    const { content } = pieces(size, new Error("the database went away"));
    await expect(store.write(await store.locate("failing"), content)).rejects.toThrow(
      "the database went away",
    );
    expect(await objects()).toEqual(before);
  });

  test("is refused in one clear error by a bucket that is not there", async () => {
    const store = storeOf(server.root, { place: "s3://nowhere" });
    const location = await store.locate("file");
    await expect(store.write(location, pieces(1).content)).rejects.toThrow(
      /s3:\/\/nowhere\/file could not be written: NoSuchBucket: .*TNT-712/,
    );
    await expect(store.read(location)).rejects.toThrow(/NoSuchBucket.*TNT-703/);
    await expect(store.present([location])).rejects.toThrow(/NoSuchBucket.*TNT-703/);
  });

  test("is refused to a key without rights, a wrong secret and an unknown key", async () => {
    const before = await objects();
    for (const [key, says] of [
      [await server.addKey(), "AccessDenied"],
      [{ ...server.root, secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
      [{ accessKeyId: "nobody", secretAccessKey: "wrong" }, "InvalidAccessKeyId"],
    ] as const) {
      const store = storeOf(key);
      for (const size of [1, 40]) {
        const failure = store.write(await store.locate("refused"), pieces(size).content);
        await expect(failure).rejects.toThrow(new RegExp(`${says}.*TNT-712`));
        await expect(failure).rejects.not.toThrow(key.secretAccessKey);
      }
    }
    expect(await objects()).toEqual(before);
  });

  test("is refused when nobody answers", async () => {
    const store = storeOf(server.root, { endpoint: `http://127.0.0.1:${await freePort()}` });
    await expect(store.read(`s3://${BUCKET}/x`)).rejects.toThrow(/ECONNREFUSED.*TNT-703/);
  });

  test("is one clear error when the connection is cut in the middle", async () => {
    const location = `s3://${BUCKET}/prod/file-40`;
    const proxy = await cutAfter(server.port, 20 * 1024 * 1024);
    try {
      const store = storeOf(server.root, { endpoint: proxy.endpoint });
      await expect(store.checksum(location)).rejects.toThrow(/cannot be read: .*TNT-703/);
    } finally {
      proxy.close();
    }
  });
});

describe("a tenant's archive in a bucket", () => {
  const context = (options?: Parameters<typeof storeOf>[1]): FleetContext => ({
    ...platform.ctx,
    archives: storeOf(server.root, options),
  });

  test.each(["", "a passphrase"])(
    "is proven, and restored (passphrase: %j)",
    async (passphrase) => {
      const ctx = context({ passphrase });
      const id = passphrase === "" ? "plain" : "locked";
      await provisionTenant(ctx, spec(id));
      await platform.admin.query(
        `insert into tenant_${id}.conversations (topic) select 'topic ' || n from generate_series(1, 100) n`,
      );
      const { location, proven } = await archiveTenant(ctx, id);
      expect(proven).toBe(true);
      expect(location).toMatch(
        passphrase === "" ? /^s3:\/\/archives\/prod\/plain-\w+\.tar\.zst$/ : /\.tar\.zst\.pgp$/,
      );
      expect(await readArchiveHead(ctx.archives, location)).toMatchObject({ id });
      await provisionTenant(ctx, spec(`${id}_copy`, { restore: location }));
      expect(
        await platform.rows(`select count(*)::int from tenant_${id}_copy.conversations`),
      ).toEqual([{ count: 100 }]);
    },
  );

  test("lets a retired tenant go while it is there, unchanged", async () => {
    const ctx = context();
    const id = "going";
    await provisionTenant(ctx, spec(id));
    await updateTenant(ctx, spec(id, { state: "retired" }));
    const [kept] = await platform.rows(
      "select location from tenantry.archives where tenant_id = $1 and verified_at is not null",
      [id],
    );
    const Key = String(kept?.location).slice(`s3://${BUCKET}/`.length);
    const bytes = await buffer(await ctx.archives.read(String(kept?.location)));
    const put = (Body: Buffer) =>
      server.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    await server.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    await expect(removeTenant(ctx, id)).rejects.toThrow(/NoSuchKey.*TNT-703/);
    await put(Buffer.concat([bytes, Buffer.from("x")]));
    await expect(removeTenant(ctx, id)).rejects.toThrow(/TNT-707/);
    await put(bytes);
    await removeTenant(ctx, id);
    expect(await platform.rows("select from pg_namespace where nspname = 'tenant_going'")).toEqual(
      [],
    );
  });

  test("that cannot be written leaves the tenant suspended, and the books without it", async () => {
    const ctx = context({ place: "s3://nowhere" });
    await provisionTenant(ctx, spec("kept"));
    await expect(updateTenant(ctx, spec("kept", { state: "retired" }))).rejects.toThrow(/TNT-712/);
    expect(await platform.rows("select state from tenantry.registry where id = 'kept'")).toEqual([
      { state: "suspended" },
    ]);
    expect(await platform.rows("select from tenantry.archives where tenant_id = 'kept'")).toEqual(
      [],
    );
  });
});

/** Stands before a server and cuts each connection once it has answered so many bytes. */
async function cutAfter(
  port: number,
  limit: number,
): Promise<{ endpoint: string; close: () => void }> {
  const sockets: Socket[] = [];
  const proxy = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.pipe(upstream);
    let sent = 0;
    upstream.on("data", (data) => {
      sent += data.length;
      if (sent > limit) client.destroy();
      else if (!client.write(data)) {
        upstream.pause();
        client.once("drain", () => upstream.resume());
      }
    });
    upstream.on("close", () => client.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
