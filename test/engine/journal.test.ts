import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Journal, readJournal } from "../../src/engine/journal.ts";

async function journalFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-journal-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "journal");
}

test("what was appended is there, in order, with what was deferred before it", async () => {
  const file = await journalFile();
  const journal = new Journal(file, { head: 1 });
  expect(await readJournal(file)).toEqual({ entries: [], size: 0 });
  journal.defer({ n: 0 });
  await Promise.all([1, 2, 3].map((n) => journal.append({ n, text: "ñ\n€" })));
  journal.defer({ n: 4 });
  await journal.close();
  const { entries } = await readJournal(file);
  expect(entries).toEqual([{ head: 1 }, { n: 0 }, ...[1, 2, 3].map((n) => ({ n, text: "ñ\n€" }))]);
});

test("nothing appended, no file", async () => {
  const file = await journalFile();
  const journal = new Journal(file, {});
  journal.defer({ n: 0 });
  await journal.close();
  expect(journal.isEmpty).toBe(true);
  await expect(readFile(file)).rejects.toThrow("ENOENT");
});

test("cut at any byte, it holds the entries that are whole, and goes on after them", async () => {
  const file = await journalFile();
  const journal = new Journal(file, { head: 1 });
  await journal.append({ first: "one" });
  await journal.append({ second: "two" });
  await journal.close();
  const text = await readFile(file);
  const ends = [...text.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1);
  for (let length = 0; length <= text.length; length += 1) {
    await writeFile(file, text);
    await truncate(file, length);
    const { entries, size, damagedLine } = await readJournal(file);
    expect(damagedLine).toBeUndefined();
    // The first line holds the header, too.
    const lines = ends.filter((end) => end <= length).length;
    expect(entries).toHaveLength(lines === 0 ? 0 : lines + 1);
    expect(size).toBe(ends.findLast((end) => end <= length) ?? 0);
  }
  await truncate(file, text.length - 3);
  const { size } = await readJournal(file);
  const reopened = new Journal(file, undefined, size);
  await reopened.append({ third: 3 });
  await reopened.close();
  expect((await readJournal(file)).entries).toEqual([{ head: 1 }, { first: "one" }, { third: 3 }]);
});

test("a line that was whole once and no longer is counts as damage, wherever it stands", async () => {
  const file = await journalFile();
  const journal = new Journal(file, { head: 1 });
  await journal.append({ first: "one" });
  await journal.append({ second: "two" });
  await journal.close();
  const text = await readFile(file);
  const second = text.indexOf("\n") + 1;
  for (let at = 0; at < text.length; at += 1) {
    const changed = Buffer.from(text);
    changed[at]! ^= 1;
    await writeFile(file, changed);
    const { entries, damagedLine } = await readJournal(file);
    expect(damagedLine, `byte ${at}`).toBe(at < second ? 1 : 2);
    expect(entries).toEqual(at < second ? [] : [{ head: 1 }, { first: "one" }]);
  }
});

test("blocks of the last line that never reached the disk are no damage; such blocks before it are", async () => {
  const file = await journalFile();
  const journal = new Journal(file, { head: 1 });
  await journal.append({ first: "one" });
  await journal.append({ second: "two" });
  await journal.close();
  const text = await readFile(file);
  const second = text.indexOf("\n") + 1;
  const without = async (from: number, to: number) => {
    await writeFile(file, Buffer.from(text).fill(0, from, to));
    return await readJournal(file);
  };
  for (let from = second; from < text.length - 1; from += 1)
    for (const to of [from + 1, text.length])
      expect(await without(from, to)).toEqual({
        entries: [{ head: 1 }, { first: "one" }],
        size: second,
      });
  expect(await without(5, 9)).toEqual({ entries: [], size: 0, damagedLine: 1 });
});
