import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";

test(
  "Ctrl-C finishes what is in flight, and the next start goes on",
  { timeout: 200_000 },
  async () => {
    const { root, env, npmStart, tenantry } = await freshClone();
    // A process group of its own, as a shell makes one: Ctrl-C reaches every process in it.
    const child = spawn("node", [join("bin", "tenantry.js"), "start"], {
      cwd: root,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let interrupted = false;
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (interrupted || !/^ {2}\+ server PostgreSQL 16 {2}\d/m.test(stdout)) return;
      interrupted = true;
      process.kill(-child.pid!, "SIGINT");
    });
    expect(await once(child, "close")).toEqual([130, null]);
    expect(stderr).toContain("Finishing what is in flight");
    expect(stderr).toContain("TNT-316");
    expect(stdout).not.toContain("up done");

    expect(npmStart().stdout).toContain("up done");
    expect(tenantry("preview", "--expect-no-changes").code).toBe(0);
  },
);
