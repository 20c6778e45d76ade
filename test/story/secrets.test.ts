import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { LOGIN_ROLES } from "../../src/settings/settings.ts";
import { scratchDirectory } from "../support/cluster.ts";
import { CommandLineWatch } from "../support/command-line-watch.ts";
import { DockerStack, noDockerStack } from "../support/docker/docker-stack.ts";
import { containerLog, docker } from "../support/docker/docker.ts";
import { isPrivate, secretsBelow, secretsIn } from "../support/secret-search.ts";
import { WatchedStack } from "../support/watched-stack.ts";
import type { WatchedPlace } from "../support/watched-stack.ts";
import { freshClone } from "./fresh-clone.ts";
import { ENGINES, environmentOn, whyNotOn } from "./on-engine.ts";

const TIMEOUT = 600_000;
/** Whether the arguments of other processes can be read here. */
const SEES_ARGUMENTS = existsSync("/proc/self/cmdline");
const ADMIN_FILES = [".tenantry/dev/admin-password", ".tenantry/dev/passphrase"];

/** A stack's life, with passwords that change and commands that fail. */
async function live(stack: WatchedStack, declare: (roles: object) => void): Promise<void> {
  const rotation = (one: object): void => {
    declare(Object.fromEntries(LOGIN_ROLES.map((role) => [role, one])));
  };
  const look = (): void => {
    for (const format of ["text", "json", "markdown"]) stack.done("preview", "--format", format);
  };
  rotation({ generation: 1 });
  look();
  stack.done("up", "--yes", "--full");
  await stack.note();

  // At once, and the administrator's.
  rotation({ generation: 2 });
  stack.changeAdminPassword(randomBytes(24).toString("base64url"));
  stack.done("up", "--yes", "--json");
  await stack.note();

  // With overlap. The server refuses a statement that holds a verifier, and the error is told.
  rotation({ generation: 3, overlap: true });
  look();
  await stack.ask("create role nostromo_app_a");
  expect(stack.failed("up", "--yes")).toMatch(/There is already role|already exists/);
  await stack.ask("drop role nostromo_app_a");
  stack.done("up", "--yes");
  await stack.note();
  rotation({ generation: 3, overlap: true, confirmed: 3 });
  stack.done("up", "--yes", "--json");
  rotation({ generation: 4, overlap: true, confirmed: 3 });
  stack.done("up", "--yes", "--full");
  const [login] = await stack.note();

  // Refused: a step that is not allowed, a tenant's wrong statement, a wrong password.
  rotation({ generation: 6, overlap: true, confirmed: 5 });
  stack.failed("up", "--yes");
  rotation({ generation: 4, overlap: true, confirmed: 3 });
  await expect(stack.ask("select * from tenantry.registry", login)).rejects.toThrow("denied");
  const { password } = stack.admin;
  stack.changeAdminPassword(randomBytes(24).toString("base64url"));
  expect(stack.failed("list")).toContain("password authentication failed");
  stack.changeAdminPassword(password);

  stack.done("list");
  stack.done("list", "--json");
  stack.done("refresh", "--yes", "--json");
  stack.done("preview", "--expect-no-changes", "--full");
}

async function expectNoLeaks(
  place: WatchedPlace,
  { declare, holders, end = () => Promise.resolve() }: Life,
): Promise<void> {
  const stack = new WatchedStack(place);
  const watch = SEES_ARGUMENTS ? await CommandLineWatch.start() : undefined;
  await live(stack, declare);
  await end(stack);
  const seen = (await watch?.stop()) ?? [];
  for (const line of seen) stack.wrote("process arguments", line);

  // Five roles with three generations of their own, the administrator's three, and the passphrase.
  expect(stack.secrets.size).toBe(5 * 4 + 3 + 1);
  expect(stack.leaks()).toEqual([]);
  expect(stack.holders()).toEqual(holders);
  // The server logs each ALTER ROLE, with the verifier it got; nobody else shows one.
  const showVerifiers = stack.writersOf("SCRAM-SHA-256$");
  expect(showVerifiers.filter((name) => !name.endsWith("docker logs"))).toEqual([]);
  if (watch) expect(seen.some((line) => line.includes("pulumi-resource-tenantry"))).toBe(true);

  stack.done("destroy", "--yes");
  expect(stack.leaks()).toEqual([]);
  expect(stack.holders()).toEqual(ADMIN_FILES);
}

interface Life {
  readonly declare: (roles: object) => void;
  /** The files that hold secrets, and are for that. */
  readonly holders: readonly string[];
  /** More to be searched. */
  readonly end?: (stack: WatchedStack) => Promise<void>;
}

describe("no secret is anywhere but in the files for it", () => {
  test.for(ENGINES)("with the engine %s", { timeout: TIMEOUT }, async (engine, { skip }) => {
    const missing = whyNotOn(engine);
    if (missing !== undefined) return skip(missing);
    const clone = await freshClone();
    const { root, port, stackFile, run } = clone;
    const more = {
      ...environmentOn(engine, clone),
      TMPDIR: join(root, "temporary"),
    };
    mkdirSync(more.TMPDIR);
    chmodSync(more.TMPDIR, 0o1777);
    const command = (...args: string[]) =>
      run(
        "node",
        ["bin/tenantry.js", ...args, ...(args[0] === "list" ? [] : ["--engine", engine])],
        more,
      );
    await expectNoLeaks(
      { root, port, run: command },
      {
        declare: (roles) => {
          const config = {
            "tenantry:disposable": true,
            "tenantry:server": { port, capacity: { tenants: 16 } },
            "tenantry:roles": roles,
            "tenantry:tenants": ["empresa_1", { id: "empresa_2", isolation: "strict" }],
          };
          writeFileSync(stackFile, JSON.stringify({ config }));
        },
        holders: ADMIN_FILES,
      },
    );
  });

  test("in a container", { timeout: TIMEOUT }, async ({ skip }) => {
    if (noDockerStack !== undefined) return skip(noDockerStack);
    const container = await DockerStack.create(7);
    const { root, port, name } = container;
    await expectNoLeaks(
      { root, port, run: (...args) => container.run(...args) },
      {
        declare: (roles) => {
          container.declare({}, { "tenantry:roles": roles });
        },
        holders: [...ADMIN_FILES, ".tenantry/dev/server/secrets/password"].sort(),
        end: async (stack) => {
          stack.wrote(
            "docker inspect",
            await docker("inspect", name, `${name}-data`, `${name}-network`),
          );
          stack.wrote("docker logs", await containerLog(name));
          stack.wrote("docker top", await docker("top", name, "-eo", "pid,args"));
          stack.wrote("docker diff", await docker("diff", name));
          stack.wrote("docker exec env", await docker("exec", name, "env"));
        },
      },
    );
  });
});

describe("the search", () => {
  const planted = randomBytes(24).toString("base64url");
  const secrets = new Map([["the planted one", planted]]);

  test("finds what stands in a text, in a file and in a file's name", () => {
    expect(secretsIn(secrets, `error: ${planted}!`)).toEqual(["the planted one"]);
    expect(secretsIn(secrets, "error: planted")).toEqual([]);
    const directory = scratchDirectory("secrets");
    mkdirSync(join(directory, "a"));
    writeFileSync(join(directory, "a", "log"), Buffer.from(`\0\xff${planted}\0`, "latin1"));
    writeFileSync(join(directory, `b-${planted}`), "");
    writeFileSync(join(directory, "c"), "nothing");
    expect(secretsBelow(secrets, directory).map(({ file }) => file)).toEqual([
      join(directory, "a", "log"),
      join(directory, `b-${planted}`),
    ]);
  });

  test("knows who may read a file", () => {
    const directory = scratchDirectory("secrets");
    const file = join(directory, "inside", "file");
    mkdirSync(dirname(file), { mode: 0o755 });
    writeFileSync(file, planted, { mode: 0o644 });
    expect(isPrivate(file, directory)).toBe(false);
    chmodSync(dirname(file), 0o700);
    expect(isPrivate(file, directory)).toBe(true);
    chmodSync(dirname(file), 0o755);
    chmodSync(file, 0o600);
    expect(isPrivate(file, directory)).toBe(true);
  });

  test("sees the arguments of a process that runs meanwhile", async ({ skip }) => {
    if (!SEES_ARGUMENTS) return skip("THE ARGUMENTS OF PROCESSES CANNOT BE READ HERE");
    const watch = await CommandLineWatch.start();
    spawnSync("sh", ["-c", "sleep 0.2; exit", planted]);
    const seen = await watch.stop();
    expect(seen.flatMap((line) => secretsIn(secrets, line))).toContain("the planted one");
  });

  test("fails for a secret that a command printed, or a file that everybody may read", async () => {
    const { root, port } = await freshClone();
    const run = (): { code: number; stdout: string; stderr: string } => ({
      code: 0,
      stdout: "",
      stderr: `wrong password ${planted}`,
    });
    const stack = new WatchedStack({ root, port, run });
    stack.secrets.set("the planted one", planted);
    expect([stack.leaks(), stack.holders()]).toEqual([[], []]);
    stack.run("up");
    mkdirSync(join(root, ".tenantry"));
    writeFileSync(join(root, ".tenantry/journal"), planted, { mode: 0o644 });
    writeFileSync(join(root, ".tenantry/password"), planted, { mode: 0o600 });
    expect(stack.leaks()).toEqual([
      "the planted one in the output of 1: up",
      "the planted one in .tenantry/journal",
    ]);
    expect(stack.holders()).toEqual([".tenantry/journal", ".tenantry/password"]);
  });
});
