import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findBinaries } from "../../src/server/binaries.ts";
import { hasData } from "../../src/server/data-directory.ts";
import { initialise } from "../../src/server/initialise.ts";
import { osUser } from "../../src/server/os-user.ts";
import { reachableBinaries } from "../../src/server/reachable-binaries.ts";
import { scratchDirectory } from "../support/cluster.ts";

const account = osUser();
const options = (directory: string) => ({
  binaries: reachableBinaries(findBinaries(), account),
  osUser: account,
  dataDirectory: join(directory, "data"),
  user: "postgres",
  password: "initial-password",
  sync: false,
});

test("it appears complete, closed to others, and leaves no password behind", async () => {
  const directory = scratchDirectory();
  // What a process left that was killed: no process has this number.
  mkdirSync(join(directory, `data.new-${2 ** 22 - 1}-abc`));
  writeFileSync(join(directory, `data.new-${2 ** 22 - 1}-abc`, "password"), "old");
  await Promise.all([initialise(options(directory)), initialise(options(directory))]);
  expect(readdirSync(directory)).toEqual(["data"]);
  expect(hasData(join(directory, "data"))).toBe(true);
  expect(statSync(join(directory, "data")).mode & 0o777).toBe(0o700);
});

test.runIf(account)("initdb's own words are told, the password is not", async () => {
  const directory = scratchDirectory();
  chmodSync(directory, 0o700);
  const failure = await initialise(options(directory)).catch((error: unknown) => error);
  expect(String(failure)).toMatch(/initdb said:.*denied.*TNT-225/s);
  expect(String(failure)).not.toContain("initial-password");
  expect(readdirSync(directory)).toEqual([]);
});
