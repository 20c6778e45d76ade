import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeApplication } from "../support/application.ts";
import { cloneProject } from "../support/clone-project.ts";
import { scratchDirectory } from "../support/cluster.ts";
import { freePort } from "../support/free-port.ts";
import { offline } from "../support/packed.ts";
import { checkout } from "../support/project.ts";
import { readGuide } from "./read-guide.ts";
import type { Command, FileBlock } from "./read-guide.ts";

const GUIDE = join(checkout, "docs", "guides", "from-set-tenant-schema.md");

/** The port that the page's application listens on. */
const PORT = "3000";

const port = String(await freePort());
const guide = readGuide(readFileSync(GUIDE, "utf8").replaceAll(PORT, port));

let folder: string;
let server: ChildProcess | undefined;
const env = () => ({ ...process.env, ...offline(), NO_COLOR: "1", TENANTRY_STACK: "dev" });

beforeAll(async () => {
  folder = scratchDirectory("guide");
  await cloneProject(join(folder, "tenantry"));
  makeApplication(folder, "payroll", ["express", "pg"]);
});
afterAll(async () => {
  await stopServer();
  spawnSync("npx", ["tenantry", "destroy", "--yes"], { cwd: join(folder, "tenantry"), env: env() });
});

async function stopServer(): Promise<void> {
  if (server?.kill() === true) await once(server, "exit");
  server = undefined;
}

/** Starts what does not end, and waits for the output that the page shows. */
async function startServer({ where, text, output }: Command): Promise<void> {
  await stopServer();
  const [program = "", ...args] = text.split(" ");
  server = spawn(program, args, {
    cwd: join(folder, where),
    env: env(),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
  for (const expected of output) expect((await lines.next()).value).toBe(expected);
}

function run({ where, text, output }: Command): void {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", text], {
    cwd: join(folder, where),
    encoding: "utf8",
    env: env(),
  });
  expect({ text, status, stderr: status === 0 ? "" : stderr + stdout }).toEqual({
    ...{ text, status: 0, stderr: "" },
  });
  if (output.length > 0) expect(stdout.trimEnd().split("\n"), text).toEqual(output);
}

function change({ file, before, after }: FileBlock): void {
  const path = join(folder, file);
  if (before === undefined) {
    // A file that is shown whole a second time is what the steps came to.
    if (existsSync(path)) expect(readFileSync(path, "utf8")).toBe(after);
    else writeFileSync(path, after);
    return;
  }
  const parts = readFileSync(path, "utf8").split(before);
  expect(parts, `${before}\nis in ${file} once`).toHaveLength(2);
  writeFileSync(path, parts.join(after));
}

test(
  "the guide from setTenantSchema does what it shows",
  { timeout: 600_000 },
  async ({ skip }) => {
    if (spawnSync("curl", ["--version"]).status !== 0)
      return skip("curl is not on $PATH: nothing carries out the guide");
    for (const step of guide)
      if ("file" in step) change(step);
      else if (step.text.startsWith("node ")) await startServer(step);
      else run(step);
  },
);
