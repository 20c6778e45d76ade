import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const COMMAND = join(import.meta.dirname, "..", "..", "bin", "tenantry.js");

test("a command and what it starts have little room for garbage, unless the user says otherwise", () => {
  const show = "data:text/javascript,console.error('options:'+process.env.NODE_OPTIONS)";
  const own = `--import=${show} --max-semi-space-size=32`;
  const { stderr, status } = spawnSync(process.execPath, [COMMAND, "--help"], {
    env: { ...process.env, NODE_OPTIONS: own },
    encoding: "utf8",
  });
  expect(status).toBe(0);
  // The launcher, and then the command. The last one of an option counts.
  expect(stderr).toBe(`options:${own}\noptions:--max-semi-space-size=4 ${own}\n`);
});
