import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { dockerTestImage } from "../support/docker/docker-test-image.ts";
import { docker } from "../support/docker/docker.ts";
import { DockerStack, done, noDockerStack } from "../support/docker/docker-stack.ts";
import { OwnEngine, whyNoOwnEngine } from "../support/docker/own-engine.ts";

const found = await dockerTestImage();

const tenants = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `empresa_${index + 1}`);
const of = (count: number) => ({ "tenantry:tenants": tenants(count) });

const schemas = (stack: DockerStack): Promise<unknown> =>
  stack.ask("select count(*)::int from pg_namespace where starts_with(nspname, 'tenant_')");

/** Waits until the server answers again. */
async function answering(stack: DockerStack): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;)
    try {
      await stack.ask("select 1");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
}

test(
  "more tenants, refusals, a restart of Docker, a full disk: the container's data stay",
  { timeout: 600_000 },
  async (ctx) => {
    const reason = noDockerStack ?? whyNoOwnEngine();
    if (reason !== undefined || !("image" in found)) return ctx.skip(reason);
    const engine = new OwnEngine();
    onTestFinished(() => engine.end());
    await engine.start();
    engine.load(found.image);
    const stack = await DockerStack.create(6);
    stack.declare();
    stack.up();
    const container = await stack.container();

    // Ten more tenants touch nothing else.
    stack.declare({}, of(12));
    const plan = stack.up();
    expect(plan).toContain("10 to create");
    expect(plan).not.toMatch(/to change|server/);
    expect(await schemas(stack)).toBe(12);

    // What is protected is not destroyed.
    stack.declare({}, { ...of(12), "tenantry:disposable": false });
    stack.up();
    const refused = stack.run("destroy", "--yes");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/is not disposable.*TNT-607/s);
    expect(await schemas(stack)).toBe(12);

    // A password that the server does not know: one error, nothing done.
    await stack.ask(`alter role postgres password 'somebody else''s'`);
    stack.declare({}, { ...of(13), "tenantry:disposable": false });
    const shutOut = stack.run("up", "--yes");
    expect(shutOut.code).toBe(1);
    expect(shutOut.stderr).toMatch(
      /password\s+authentication\s+failed\s+for\s+user\s+"postgres".*TNT-416/s,
    );
    const known = stack.password;
    await stack.ask(`alter role postgres password '${known}'`, "somebody else's");
    stack.up();
    expect(await schemas(stack)).toBe(13);

    // Docker starts again: the server comes back by itself, as it was.
    await engine.restart();
    await answering(stack);
    stack.expectNoChanges();
    expect(await stack.container()).toBe(container);
    expect(await schemas(stack)).toBe(13);

    // A full disk: nothing half done, nothing lost, and the next `up` goes on.
    await stack.ask("create table public.written (number int, padding text)");
    await stack.ask("insert into public.written values (1, 'kept')");
    engine.fill();
    stack.declare({}, { ...of(23), "tenantry:disposable": false });
    const full = stack.run("up", "--yes");
    expect(full.code).toBe(1);
    // In a new session PostgreSQL may fail at a file of its own, and not say why.
    expect(full.stderr).toMatch(
      /No\s+space\s+left\s+on\s+device|could\s+not\s+write\s+init\s+file/,
    );
    await engine.makeRoom();
    await answering(stack);
    done(stack.run("up", "--yes"));
    expect(await schemas(stack)).toBe(23);
    expect(await stack.ask("select padding from public.written")).toBe("kept");
    stack.expectNoChanges();

    // A volume that was lost is told, not replaced by an empty one as if nothing had happened.
    await docker("rm", "--force", stack.name);
    await docker("volume", "rm", `${stack.name}-data`);
    expect(stack.run("recover", "--yes").stderr).toContain("TNT-241");
    expect(stack.run("up", "--yes").stderr).toContain("TNT-241");
    expect(stack.run("refresh", "--yes").stderr).toMatch(/TNT-617/);
    done(stack.run("refresh", "--yes", "--accept-loss"));
    stack.up();
    expect(await schemas(stack)).toBe(23);
    stack.expectNoChanges();

    stack.declare({}, of(23));
    stack.up();
    done(stack.run("destroy", "--yes"));
    expect(await stack.remains()).toEqual([]);
  },
);
