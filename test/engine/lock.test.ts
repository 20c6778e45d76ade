import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { EngineProcess } from "../support/engine-process.ts";
import { programOf, thing } from "../support/program-data.ts";
import type { ProgramData } from "../support/program-data.ts";
import { TestStack } from "../support/test-stack.ts";

const RACER = join(import.meta.dirname, "..", "support", "lock-racer.ts");
const RACERS = 5;
const ROUNDS = 20;

const DATA: ProgramData = { declares: [thing("a")] };

test("many that want one lock: never two have it, each has its turns, the dead hinder nobody", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-lock-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const racers = Array.from({ length: RACERS }, async () => {
    const racer = spawn(process.execPath, [RACER, folder, String(ROUNDS)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let words = "";
    for (const stream of [racer.stdout, racer.stderr])
      stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
    const [, signal] = (await once(racer, "close")) as [number, string | null];
    return { signal, words };
  });
  const expected = { signal: "SIGKILL", words: `${ROUNDS}\n` };
  expect(await Promise.all(racers)).toEqual(Array(RACERS).fill(expected));
});

test("engines that start while one works are all refused; whose it is and what to do is said", async () => {
  const stack = await TestStack.create();
  stack.world.hold();
  const first = new EngineProcess(stack, { program: DATA });
  while (stack.world.objects.length === 0) await sleep(10);
  const others = Array.from({ length: 3 }, () => new EngineProcess(stack, { program: DATA }));
  for (const { ended } of others) {
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /\(pid \d+\) since 20.*still runs.*npx tenantry cancel.*json".*TNT-305/s,
    );
    expect(stderr).toContain(`(pid ${first.pid})`);
  }
  stack.world.release();
  expect((await first.ended).code).toBe(0);
  expect([...stack.world.idsGiven]).toEqual([["a", 1]]);
  expect((await stack.up(programOf(DATA))).changes).toEqual({ same: 2 });
});

test("a lock names its owner; one of this host says whether its process still runs", async () => {
  const stack = await TestStack.create();
  const program = programOf(DATA);
  const lock = async (content: object): Promise<void> => {
    await mkdir(stack.lockDirectory, { recursive: true });
    await writeFile(join(stack.lockDirectory, "other.json"), JSON.stringify(content));
  };
  const timestamp = "2026-01-01T00:00:00Z";
  await lock({ pid: 1, username: "eva", hostname: "elsewhere", timestamp });
  await expect(stack.up(program)).rejects.toMatchObject({
    code: "TNT-305",
    message: expect.stringMatching(/eva@elsewhere \(pid 1\) since 2026.*npx tenantry cancel/s),
  });
  await lock({ pid: process.pid, username: "eva", hostname: hostname(), timestamp });
  await expect(stack.up(program)).rejects.toThrow("still runs");
  await lock({ pid: 2 ** 22 - 1, username: "eva", hostname: hostname(), timestamp });
  await expect(stack.up(program)).rejects.toThrow("no longer runs");
  await stack.preview(program);
  expect(stack.changes()).toEqual([]);
});

test("what an engine leaves that is killed while it makes its lock is cleared away", async () => {
  const stack = await TestStack.create();
  await mkdir(stack.lockDirectory, { recursive: true });
  const place = join(stack.lockDirectory, "..");
  await writeFile(join(place, `dev.${2 ** 22 - 1}.one.json`), "");
  await writeFile(join(place, `dev.${process.pid}.two.json`), "");
  await stack.up(programOf(DATA));
  expect((await readdir(place)).sort()).toEqual(["dev", `dev.${process.pid}.two.json`]);
});
