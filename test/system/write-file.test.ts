import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createFile, writeFile } from "../../src/system/write-file.ts";
import { scratchDirectory } from "../support/cluster.ts";

test("a file is written with its folders, and replaced", () => {
  const file = join(scratchDirectory(), "folder", "file");
  writeFile(file, "one");
  writeFile(file, "two");
  expect(readFileSync(file, "utf8")).toBe("two");
  expect(readdirSync(join(file, ".."))).toEqual(["file"]);
});

test("the mode is what was asked for, whatever the umask", () => {
  const directory = scratchDirectory();
  const before = process.umask(0o077);
  try {
    writeFile(join(directory, "open"), "");
    writeFile(join(directory, "closed"), "", 0o600);
  } finally {
    process.umask(before);
  }
  const modeOf = (name: string) => statSync(join(directory, name)).mode & 0o777;
  expect(modeOf("open")).toBe(0o644);
  expect(modeOf("closed")).toBe(0o600);
});

test("a write that fails leaves no half file", () => {
  const directory = scratchDirectory();
  mkdirSync(join(directory, "taken"));
  expect(() => {
    writeFile(join(directory, "taken"), "text");
  }).toThrow(/EISDIR/);
  expect(readdirSync(directory)).toEqual(["taken"]);
});

test("a file that is there is left alone", () => {
  const file = join(scratchDirectory(), "file");
  createFile(file, "first", 0o600);
  createFile(file, "second", 0o600);
  expect(readFileSync(file, "utf8")).toBe("first");
});
