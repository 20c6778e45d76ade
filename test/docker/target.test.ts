import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { findPulumi } from "../../src/cli/engine/find-pulumi.ts";
import { docker } from "../support/docker/docker.ts";
import {
  DockerStack,
  done,
  noDockerStack,
  pluginDirectory,
} from "../support/docker/docker-stack.ts";

const TIMEOUT = 600_000;

test(
  "a server in a container, from its first `up` to its end",
  { timeout: TIMEOUT },
  async (ctx) => {
    if (noDockerStack !== undefined) return ctx.skip(noDockerStack);
    const stack = await DockerStack.create(1);

    stack.declare();
    expect(stack.up()).toContain("up done");
    stack.expectNoChanges();
    done(stack.run("refresh", "--yes"));
    stack.expectNoChanges();
    if (await findPulumi({ PATH: pluginDirectory })) stack.expectNoChanges("pulumi");
    const first = await stack.container();
    await stack.ask("create table public.kept as select 1 as one");

    // No password where somebody may look.
    for (const text of [await docker("inspect", first), await docker("logs", first), stack.state])
      expect(text).not.toContain(stack.password);

    // A setting that a reload brings, and one that PostgreSQL does not take.
    stack.declare({ parameters: { work_mem: "5MB" } });
    stack.up();
    expect(await stack.ask("show work_mem")).toBe("5MB");
    stack.declare({ parameters: { work_mem: "much" } });
    expect(stack.run("up", "--yes").stderr).toContain('invalid value for parameter "work_mem"');

    // A setting that needs a restart: not without leave.
    const parameters = { max_wal_senders: 12 };
    stack.declare({ parameters, restartPolicy: "deny" });
    stack.up();
    stack.expectNoChanges();
    expect(done(stack.run("preview"))).toMatch(/waits for a restart: +max_wal_senders/);
    expect(await stack.container()).toBe(first);
    expect(await stack.ask("show max_wal_senders")).toBe("10");
    stack.declare({ parameters });
    stack.up();
    stack.expectNoChanges();
    const second = await stack.container();
    expect(second).not.toBe(first);
    expect(await stack.ask("show max_wal_senders")).toBe("12");
    expect(await stack.ask("select one from public.kept")).toBe(1);

    // A container that is gone is never taken for good, and comes back with its data.
    await docker("rm", "--force", stack.name);
    expect(stack.run("up", "--yes").stderr).toMatch(/npx\s+tenantry\s+recover/);
    const recovered = done(stack.run("recover", "--yes"));
    expect(recovered).toContain("1 to create, 1 to change");
    stack.expectNoChanges();
    expect(await stack.ask("select one from public.kept")).toBe(1);

    // A port that another program has is told before the old container goes.
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await once(taken, "listening");
    const { port } = taken.address() as { port: number };
    const kept = await stack.container();
    stack.declare({ parameters, port });
    for (const command of [["preview"], ["up", "--yes"]])
      expect(stack.run(...command).stderr).toMatch(new RegExp(`Port ${port} is in use by process`));
    expect(await stack.container()).toBe(kept);
    stack.declare({ parameters });
    stack.expectNoChanges();

    // The administrator's new password reaches the server that runs; the old one is refused.
    const old = stack.password;
    stack.changePassword("another password");
    stack.up();
    stack.expectNoChanges();
    expect(await stack.ask("select one from public.kept")).toBe(1);
    await expect(stack.ask("select 1", old)).rejects.toThrow("password authentication failed");

    done(stack.run("destroy", "--yes"));
    expect(await stack.remains()).toEqual([]);
  },
);

test("without the docker plugin, what to install", { timeout: TIMEOUT }, async () => {
  const stack = await DockerStack.create(2);
  stack.declare();
  const { code, stderr } = stack.runWithoutPlugins("up", "--yes", "--engine", "local");
  expect(code).toBe(1);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain("pulumi plugin install resource docker 5.2.0");
});
