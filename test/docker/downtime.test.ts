import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { DockerStack, noDockerStack } from "../support/docker/docker-stack.ts";
import type { Written } from "../support/docker/writer.ts";

/** Lets a client write all the time that a change takes. */
async function writingDuring(stack: DockerStack, change: () => unknown): Promise<Written> {
  const workerData = { login: stack.login, table: "public.written" };
  await stack.ask("drop table if exists public.written");
  await stack.ask("create table public.written (number int primary key)");
  const worker = new Worker(new URL("../support/docker/writer.ts", import.meta.url), {
    workerData,
  });
  onTestFinished(() => void worker.terminate());
  try {
    await change();
  } finally {
    worker.postMessage("stop");
  }
  const [written] = (await once(worker, "message")) as [Written];
  return written;
}

test(
  "replacing the container loses no acknowledged row, and leaves the inside alone",
  { timeout: 600_000 },
  async (ctx) => {
    if (noDockerStack !== undefined) return ctx.skip(noDockerStack);
    const stack = await DockerStack.create(3);
    stack.declare();
    stack.up();

    const changes = {
      "settings that need it changed": () => {
        stack.declare({ parameters: { max_wal_senders: 12 } });
      },
      "another image": async () => {
        await stack.changeImage();
        stack.declare({ parameters: { max_wal_senders: 12 } });
      },
    };
    for (const [name, change] of Object.entries(changes)) {
      const before = await stack.container();
      let plan = "";
      const { acknowledged, longestGap } = await writingDuring(stack, async () => {
        await change();
        plan = stack.up();
      });
      expect(await stack.container()).not.toBe(before);
      // Nothing inside the database is touched.
      expect(plan).not.toMatch(/tenant|role|schema|grant/);
      expect(plan).toContain(`~ server PostgreSQL 16   restarts: ${name}`);
      expect(plan).toContain("nothing is dropped");
      const kept = await stack.ask("select array_agg(number) from public.written");
      const rows = new Set(kept as number[]);
      expect(acknowledged.filter((number) => !rows.has(number))).toEqual([]);
      expect(acknowledged.length).toBeGreaterThan(100);
      console.log(`${name}: the database was away for ${Math.round(longestGap)} ms`);
      stack.expectNoChanges();
    }
  },
);
