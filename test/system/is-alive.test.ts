import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isAlive } from "../../src/system/is-alive.ts";
import { killIfThere } from "../support/processes.ts";

test("a process is alive until it ends", async () => {
  const child = spawn("sleep", ["60"]);
  const pid = child.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  expect(isAlive(pid)).toBe(false);
});

test("one that ended is not alive, though its parent never asks how", async (context) => {
  if (process.platform !== "linux") return context.skip("only Linux tells");
  // sleep takes the shell's place, and knows nothing of the shell's child.
  const parent = spawn("sh", ["-c", "sleep 0.01 & echo $!; exec sleep 60"]);
  const [told] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(told.toString());
  const state = (): string => readFileSync(`/proc/${pid}/stat`, "utf8");
  await expect.poll(state).toContain(") Z ");
  expect(isAlive(pid)).toBe(false);
  killIfThere(parent.pid ?? 0);
});
