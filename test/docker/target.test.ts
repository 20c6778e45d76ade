import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import pg from "pg";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { findPulumi } from "../../src/cli/engine/find-pulumi.ts";
import { freshClone } from "../story/fresh-clone.ts";
import type { FreshClone, Ran } from "../story/fresh-clone.ts";
import { dockerTestImage } from "../support/docker/docker-test-image.ts";
import { docker } from "../support/docker/docker.ts";
import { officialPlugin } from "../support/postgresql-plugin.ts";

const TIMEOUT = 600_000;
const plugin = officialPlugin("docker");
const found = await dockerTestImage();

/** Of this run only: other runs on the machine have theirs. */
const NAME = `tenantry-target-${process.pid}`;
const SUBNET = `10.213.${process.pid % 256}.0/24`;

/** A clone whose stack dev is in a container. */
class DockerStack {
  readonly #clone: FreshClone;
  readonly #image: string;

  constructor(clone: FreshClone, image: string) {
    this.#clone = clone;
    this.#image = image;
  }

  /** Writes the stack file; `server` is more of `tenantry:server`. */
  declare(server: object = {}): void {
    const { stackFile, port } = this.#clone;
    const container = { image: this.#image, name: NAME, subnet: SUBNET };
    const config = {
      "tenantry:target": "docker",
      "tenantry:disposable": true,
      "tenantry:server": { port, capacity: { tenants: 16 }, docker: container, ...server },
      "tenantry:tenants": ["empresa_1", "empresa_2"],
    };
    writeFileSync(stackFile, JSON.stringify({ config }));
  }

  run(...args: string[]): Ran {
    const { env, root } = this.#clone;
    const directories = [dirname(plugin ?? ""), env.PATH];
    return this.#clone.run("node", [join("bin", "tenantry.js"), ...args], {
      PATH: directories.join(":"),
      PULUMI_HOME: join(root, ".tenantry", "pulumi-home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  }

  up(): string {
    return done(this.run("up", "--yes", "--engine", "local"));
  }

  expectNoChanges(engine = "local"): void {
    done(this.run("preview", "--engine", engine, "--expect-no-changes"));
  }

  get password(): string {
    return readFileSync(this.#passwordFile, "utf8").trim();
  }

  changePassword(password: string): void {
    writeFileSync(this.#passwordFile, password);
  }

  get #passwordFile(): string {
    return join(this.#clone.root, ".tenantry/dev/admin-password");
  }

  get state(): string {
    const file = ".tenantry/state/.pulumi/stacks/tenantry/dev.json";
    return readFileSync(join(this.#clone.root, file), "utf8");
  }

  /** The first value that the administrator gets for a statement. */
  async ask(statement: string, password = this.password): Promise<unknown> {
    const login = { host: "127.0.0.1", port: this.#clone.port, database: "nostromo" };
    const client = new pg.Client({ ...login, user: "postgres", password });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(statement);
      return Object.values(rows[0] ?? {})[0];
    } finally {
      await client.end();
    }
  }
}

function done(ran: Ran): string {
  expect(ran.stderr + ran.stdout).not.toContain("failed");
  expect(ran).toMatchObject({ code: 0 });
  return ran.stdout;
}

const container = (): Promise<string> => docker("ps", "--quiet", "--filter", `name=${NAME}`);

/** Containers, volumes and networks of this run that are there. */
async function remains(): Promise<string[]> {
  const filter = ["--filter", `name=${NAME}`];
  const lists = await Promise.all([
    docker("ps", "--all", "--quiet", ...filter),
    docker("volume", "ls", "--quiet", ...filter),
    docker("network", "ls", "--quiet", ...filter),
  ]);
  return lists.filter((list) => list !== "");
}

async function cleanUp(): Promise<void> {
  await docker("rm", "--force", NAME).catch(() => undefined);
  await docker("volume", "rm", `${NAME}-data`).catch(() => undefined);
  await docker("network", "rm", `${NAME}-network`).catch(() => undefined);
}

let image: string;
beforeAll(async () => {
  if ("image" in found)
    image = await docker("image", "inspect", "--format", "{{.Id}}", found.image);
});

test(
  "a server in a container, from its first `up` to its end",
  { timeout: TIMEOUT },
  async (ctx) => {
    if ("skip" in found) return ctx.skip(found.skip);
    if (plugin === undefined) return ctx.skip("THE OFFICIAL DOCKER PLUGIN IS NOT ON $PATH");
    const stack = new DockerStack(await freshClone(), image);
    onTestFinished(cleanUp);

    stack.declare();
    expect(stack.up()).toContain("up done");
    stack.expectNoChanges();
    done(stack.run("refresh", "--yes"));
    stack.expectNoChanges();
    if (await findPulumi({ PATH: dirname(plugin) })) stack.expectNoChanges("pulumi");
    const first = await container();
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
    expect(await container()).toBe(first);
    expect(await stack.ask("show max_wal_senders")).toBe("10");
    stack.declare({ parameters });
    stack.up();
    stack.expectNoChanges();
    const second = await container();
    expect(second).not.toBe(first);
    expect(await stack.ask("show max_wal_senders")).toBe("12");
    expect(await stack.ask("select one from public.kept")).toBe(1);

    // A container that is gone is never taken for good, and comes back with its data.
    await docker("rm", "--force", NAME);
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
    const kept = await container();
    stack.declare({ parameters, port });
    for (const command of [["preview"], ["up", "--yes"]])
      expect(stack.run(...command).stderr).toMatch(new RegExp(`Port ${port} is in use by process`));
    expect(await container()).toBe(kept);
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
    expect(await remains()).toEqual([]);
  },
);

test("without the docker plugin, what to install", { timeout: TIMEOUT }, async () => {
  const clone = await freshClone();
  const stack = new DockerStack(clone, `sha256:${"0".repeat(64)}`);
  stack.declare();
  const { code, stderr } = clone.tenantry("up", "--yes", "--engine", "local");
  expect(code).toBe(1);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain("pulumi plugin install resource docker 5.2.0");
});
