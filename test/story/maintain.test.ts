import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";

test(
  "a fleet is maintained, a run is interrupted and gone on with, and errors are explained with and without a server",
  { timeout: 300_000 },
  async () => {
    const { tenantry, run, port, root, env } = await freshClone();
    expect(tenantry("up", "--yes").code).toBe(0);
    expect(tenantry("vacuum", "--all", "--analyze")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ {2}empresa_123 {2}\d+ tables, /) as string,
      stderr: expect.stringMatching(/^3 tenants in /) as string,
    });
    expect(tenantry("vacuum")).toMatchObject({ code: 2 });
    expect(tenantry("vacuum", "--all", "--full", "--yes")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ACCESS EXCLUSIVE[^]*free disk[^]*\[TNT-885\]/) as string,
    });
    expect(tenantry("vacuum", "empresa_12").stderr).toContain("Did you mean empresa_123?");

    // Somebody holds a table of the second tenant when the run is interrupted.
    const client = new pg.Client({
      ...{ host: "127.0.0.1", port, user: "postgres", database: "nostromo" },
      password: readFileSync(join(root, ".tenantry", "dev", "admin-password"), "utf8").trim(),
    });
    client.on("error", () => undefined);
    await client.connect();
    await client.query("begin; lock table tenant_empresa_456.payroll");
    const main = join(root, "src", "cli", "main.ts");
    const args = [main, "vacuum", "--all", "--full", "--confirm", "dev", "--wait", "60s"];
    const interrupted = spawn(process.execPath, args, { cwd: root, env });
    let said = "";
    interrupted.stderr.on("data", (data: Buffer) => (said += data.toString()));
    const ended = once(interrupted, "exit");
    // The sizes, which wait for that table too, are told before the run begins.
    await expect.poll(() => said, { timeout: 30_000 }).toContain("Without --full");
    const waiting = async () =>
      (
        await client.query(
          "select from pg_locks where relation = 'tenant_empresa_456.payroll'::regclass and not granted",
        )
      ).rowCount;
    await expect.poll(waiting, { timeout: 30_000 }).toBe(1);
    interrupted.kill("SIGINT");
    await expect.poll(() => said, { timeout: 30_000 }).toContain("Finishing what is in flight");
    await client.query("rollback");
    expect(await ended).toEqual([130, null]);
    const again = tenantry("vacuum", "--all", "--full", "--confirm", "dev");
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /Going on with the run of .*: 1 done[^]*2 tenants in/,
      ) as string,
    });
    expect(again.stdout).not.toContain("empresa_123 ");

    // A reader that has seen enough.
    const piped = run("bash", ["-c", "node bin/tenantry.js log | head -1; exit ${PIPESTATUS[0]}"]);
    expect(piped).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^\d+ entries\n$/) as string,
    });
    expect(piped.stdout).toMatch(/^TIME \(UTC\).*\n$/);
    expect(tenantry("connections").stdout).toMatch(/^postgres +active +1 /m);

    const text = 'schema "tenant_empresa_132" does not exist';
    expect(tenantry("explain-error", text).stdout).toContain("Did you mean empresa_123");
    await client.end();
    const pid = readFileSync(join(root, ".tenantry/dev/server/data/postmaster.pid"), "utf8");
    process.kill(Number(pid.split("\n", 1)[0]), "SIGINT");
    await expect.poll(() => tenantry("log").code, { timeout: 30_000 }).toBe(1);
    expect(tenantry("vacuum", "--all").stderr).toContain("[TNT-609]");
    expect(tenantry("explain-error", text)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("3F000  Schema not found") as string,
      stderr: expect.stringContaining("could not be asked") as string,
    });
    expect(tenantry("up", "--yes").code).toBe(0);
    expect(tenantry("destroy", "--yes").code).toBe(0);
  },
);
