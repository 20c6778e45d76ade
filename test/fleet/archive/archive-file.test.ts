import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { archiveEntries, writeArchiveFile } from "../../../src/fleet/archive/archive-file.ts";
import { ArchiveStore } from "../../../src/fleet/archive/store/archive-store.ts";
import { scratchDirectory } from "../../support/cluster.ts";

/** Locations name the whole path. */
const STORE = new ArchiveStore({ place: "/nowhere" });

test("what goes in comes out, and the checksum is the file's", async () => {
  const path = join(scratchDirectory("archive"), "deep", "a.tar.zst");
  const contents = [Buffer.alloc(0), randomBytes(3_000_000), Buffer.from("text")];
  const written = await writeArchiveFile(STORE, path, async (add) => {
    for (const [index, content] of contents.entries()) await add(`part ${index}`, content);
  });
  expect(await STORE.checksum(path)).toBe(written.checksum);
  const found: Buffer[] = [];
  for await (const { content } of archiveEntries(STORE, path)) {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    found.push(Buffer.concat(chunks));
  }
  expect(found.map((content, index) => content.equals(contents[index]!))).toEqual([
    true,
    true,
    true,
  ]);
});

test("what fails while it is filled leaves nothing", async () => {
  const directory = scratchDirectory("archive");
  const fails = writeArchiveFile(STORE, join(directory, "a.tar.zst"), async (add) => {
    await add("first", "x");
    throw new Error("the database went away");
  });
  await expect(fails).rejects.toThrow("the database went away");
  expect(readdirSync(directory)).toEqual([]);
});

test("a full disk is one clear error, and leaves nothing", async (ctx) => {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return ctx.skip("A SMALL DISK NEEDS LINUX AND ROOT: nothing proves here what a full one does");
  const disk = join(scratchDirectory("archive"), "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1M", "tmpfs", disk]);
  onTestFinished(() => void execFileSync("umount", [disk]));
  const fails = writeArchiveFile(STORE, join(disk, "a.tar.zst"), async (add) => {
    for (let part = 0; part < 10; part += 1) await add(`part ${part}`, randomBytes(1_000_000));
  });
  await expect(fails).rejects.toThrow(/ENOSPC.*TNT-712/s);
  expect(readdirSync(disk)).toEqual([]);
});

test("a folder that cannot be made is one clear error", async () => {
  const file = join(scratchDirectory("archive"), "file");
  writeFileSync(file, "");
  await expect(
    writeArchiveFile(STORE, join(file, "a.tar.zst"), () => Promise.resolve()),
  ).rejects.toThrow(/TNT-712/);
});
