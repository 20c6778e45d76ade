import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkout } from "../../support/project.ts";

/** A pid that no process has: pids end far below. */
const NOBODY = 2 ** 30;

/** Runs `cancel` on a state of the test's own, which holds this lock. */
function cancel(lock?: { pid: number; hostname: string }) {
  const backend = mkdtempSync(join(tmpdir(), "tenantry-cancel-"));
  onTestFinished(() => {
    rmSync(backend, { recursive: true, force: true });
  });
  const locks = join(backend, ".pulumi", "locks", "organization", "tenantry", "dev");
  const file = join(locks, "lock.json");
  if (lock) {
    mkdirSync(locks, { recursive: true });
    const content = { ...lock, username: "ana", timestamp: "2030-01-01T00:00:00Z" };
    writeFileSync(file, JSON.stringify(content));
  }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(checkout, "src", "cli", "main.ts"), "cancel", "--stack", "dev"],
    { encoding: "utf8", env: { ...process.env, PULUMI_BACKEND_URL: `file://${backend}` } },
  );
  return { code: status, text: stdout + stderr, left: existsSync(file) };
}

test("the lock of a process that is gone is removed", () => {
  expect(cancel({ pid: NOBODY, hostname: hostname() })).toEqual({
    code: 0,
    text: "  1 lock removed\n",
    left: false,
  });
});

test("the lock of a process that runs on this host stays", () => {
  const { code, text, left } = cancel({ pid: process.pid, hostname: hostname() });
  expect({ code, left }).toEqual({ code: 1, left: true });
  expect(text).toContain(`ana@${hostname()} (pid ${process.pid}, since 2030-01-01T00:00:00Z)`);
  expect(text).toContain("TNT-611");
});

test("of another host nothing is known, so who asks decides", () => {
  expect(cancel({ pid: process.pid, hostname: "elsewhere" })).toMatchObject({
    code: 0,
    left: false,
  });
});

test("without a lock there is nothing to do", () => {
  expect(cancel()).toMatchObject({ code: 0, text: "  0 locks removed\n" });
});
