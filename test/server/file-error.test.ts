import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explainFileErrors } from "../../src/server/file-error.ts";
import { scratchDirectory } from "../support/cluster.ts";

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code, path: "/full/postgresql.conf" });
};

test("what the system refuses is told in words, with the path", async () => {
  const file = join(scratchDirectory(), "file");
  writeFileSync(file, "");
  const below = () => {
    mkdirSync(join(file, "below"));
  };
  await expect(explainFileErrors(below)).rejects.toThrow(
    `${join(file, "below")} cannot be written: a file stands where a folder is needed.`,
  );
  await expect(explainFileErrors(failing("ENOSPC"))).rejects.toThrow(
    "/full/postgresql.conf cannot be written: there is no space left on the disk.",
  );
});

test("other errors stay what they are, and results too", async () => {
  await expect(explainFileErrors(failing("EMFILE"))).rejects.toThrow(/^EMFILE$/);
  expect(await explainFileErrors(() => 4711)).toBe(4711);
});
