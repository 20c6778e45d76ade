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
    const { entries, size } = await readJournal(file);
    expect(entries).toHaveLength(ends.filter((end) => end <= length).length);
    expect(size).toBe(ends.findLast((end) => end <= length) ?? 0);
  }
  await truncate(file, text.length - 3);
  const { size } = await readJournal(file);
  const reopened = new Journal(file, undefined, size);
  await reopened.append({ third: 3 });
  await reopened.close();
  expect((await readJournal(file)).entries).toEqual([{ head: 1 }, { first: "one" }, { third: 3 }]);
});

test("an entry that was changed ends the journal", async () => {
  const file = await journalFile();
  const journal = new Journal(file, { head: 1 });
  await journal.append({ first: "one" });
  await journal.append({ second: "two" });
  await journal.close();
  await writeFile(file, (await readFile(file, "utf8")).replace("one", "two"));
  expect((await readJournal(file)).entries).toEqual([{ head: 1 }]);
});
