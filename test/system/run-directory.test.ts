import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchDirectory } from "../support/cluster.ts";

const MODULE = new URL("../support/run-directory.ts", import.meta.url).href;

/** No process has this number. */
const DEAD = 2 ** 22 - 1;

test("runs that start at once remove what dead ones left, and nothing else", async () => {
  const parent = scratchDirectory("runs");
  const kept = [`tenantry-test-${process.pid}`, "something-else"];
  const dead = [`tenantry-test-${DEAD}`, `tenantry-test-${DEAD}.half-removed`];
  for (const name of [...kept, ...dead]) {
    mkdirSync(join(parent, name, "deep"), { recursive: true });
    for (let file = 0; file < 200; file += 1)
      writeFileSync(join(parent, name, "deep", `${file}`), "");
  }
  const run = `await (await import(${JSON.stringify(MODULE)})).removeDeadRuns(${JSON.stringify(parent)})`;
  const runs = [1, 2, 3].map(() => spawn(process.execPath, ["--input-type=module", "-e", run]));
  const codes = await Promise.all(
    runs.map(async (child) => (await once(child, "exit"))[0] as unknown),
  );
  expect(codes).toEqual([0, 0, 0]);
  expect(readdirSync(parent).toSorted()).toEqual(kept.toSorted());
});
