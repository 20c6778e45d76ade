import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { asAdministrator } from "../src/cli/administrator.ts";
import { ArchiveStore } from "../src/fleet/archive/store/archive-store.ts";
import { proveArchive } from "../src/fleet/archive/prove-archive.ts";
import { writeArchive } from "../src/fleet/archive/write-archive.ts";
import type { FleetContext } from "../src/fleet/context.ts";
import { provisionTenant } from "../src/fleet/provision-tenant.ts";
import { copyOut, withCopyClient } from "../src/postgres/copy-client.ts";
import { median, timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { ScratchStack } from "./scratch-stack.ts";

const TIMES = 5;
const TENANT = "bench_archive";
const ROWS = 100_000;
const TABLES = ["employees", "messages"];

/** An archive of 100,000 rows and its proof, against COPY of the same tables into the same compressor. */
export async function benchArchive({ root }: ScratchStack): Promise<Figure[]> {
  return await asAdministrator({ stack: "dev", root }, async (context) => {
    await fill(context);
    const bare = await median(TIMES, () => timed(() => copyBare(context, join(root, "bare.zst"))));
    let location = "";
    const archive = await median(TIMES, () =>
      timed(async () => {
        ({ location } = await writeArchive(context, TENANT));
      }),
    );
    const proof = await median(TIMES, () => timed(() => proveArchive(context, location)));
    const locked = { ...context, archives: lockedStore(join(root, "locked")) };
    const encrypted = await median(TIMES, () => timed(() => writeArchive(locked, TENANT)));
    const against = "COPY and zstd of its tables";
    return [
      { name: against, seconds: bare },
      {
        name: "archive of 100,000 rows",
        seconds: archive,
        against,
        ratio: archive / bare,
        limit: 1.5,
      },
      {
        name: "the same, encrypted",
        seconds: encrypted,
        against: "archive of 100,000 rows",
        ratio: encrypted / archive,
      },
      { name: "proof of that archive", seconds: proof, against, ratio: proof / bare, limit: 3 },
    ];
  });
}

function lockedStore(place: string): ArchiveStore {
  return new ArchiveStore({
    place,
    secrets: () => Promise.resolve({ passphrase: "bench-passphrase" }),
  });
}

async function fill(context: FleetContext): Promise<void> {
  await provisionTenant(context, {
    id: TENANT,
    company: TENANT,
    state: "active",
    isolation: "shared",
  });
  const schema = `tenant_${TENANT}`;
  await context.pool.query(
    `insert into ${schema}.messages (conversation_id, author, body)
     select gen_random_uuid(), 'author ' || n % 100, repeat(md5(n::text), 4) from generate_series(1, $1::int) n`,
    [ROWS],
  );
  await context.pool.query(`vacuum analyze ${schema}.messages`);
}

function copyBare(context: FleetContext, file: string): Promise<void> {
  return withCopyClient(context.pool, async (client) => {
    const compress = createZstdCompress();
    const written = pipeline(compress, createWriteStream(file));
    for (const table of TABLES)
      await pipeline(copyOut(client, `copy tenant_${TENANT}.${table} to stdout`), compress, {
        end: false,
      });
    compress.end();
    await written;
  });
}
