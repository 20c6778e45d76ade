import { expect, test } from "vitest";
import { DockerStack, noDockerStack } from "../support/docker/docker-stack.ts";
import { writingDuring } from "../support/docker/writing-during.ts";

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
      const { acknowledged, longestGap } = await writingDuring(stack.login, async () => {
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
