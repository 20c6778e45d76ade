import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchDirectory } from "../support/cluster.ts";
import { docker } from "../support/docker/docker.ts";
import { DockerStack, done, noDockerStack } from "../support/docker/docker-stack.ts";

/** A program that does not run, so that this machine's own pg_dump is not taken. */
function brokenPgDump(): string {
  const directory = scratchDirectory("programs");
  writeFileSync(join(directory, "pg_dump"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(directory, "pg_dump"), 0o755);
  return directory;
}

test(
  "a dump by the container's own pg_dump goes back with its pg_restore",
  { timeout: 600_000 },
  async (ctx) => {
    if (noDockerStack !== undefined) return ctx.skip(noDockerStack);
    const stack = await DockerStack.create(8);
    stack.programs.push(brokenPgDump());
    stack.declare();
    stack.up();
    const inside = (...args: readonly string[]): Promise<string> =>
      docker("exec", "--user", "postgres", stack.name, ...args);
    const version = await inside("pg_dump", "--version");
    if (!/ (1[6-9]|[2-9]\d)/.test(version))
      return ctx.skip(
        `THE IMAGE'S pg_dump IS NO 16 (${version}): nothing proves here that one in a container writes dumps. TENANTRY_PG_DUMP names one that is put into it`,
      );
    await stack.ask(
      "insert into tenant_empresa_1.conversations (topic) select 'topic ' || n from generate_series(1, 500) n",
    );
    await stack.ask("create table tenant_empresa_1.by_hand as select 'kept' as note");

    const archive = JSON.parse(
      done(stack.run("backup", "empresa_1", "--format", "pg_dump", "--json")),
    ) as { path: string; rows: number; proven: boolean };
    expect(archive).toMatchObject({ rows: 501, proven: false });
    expect(archive.path).toMatch(/\/empresa_1-\w+\.dump$/);

    // As the runbook says: into another database, which has no shared tables to attach partitions to.
    const input = readFileSync(archive.path);
    const restore = (...args: readonly string[]): string =>
      execFileSync(
        "docker",
        ["exec", "--interactive", "--user", "postgres", stack.name, "pg_restore", ...args],
        { input, encoding: "utf8" },
      );
    const list = restore("--list").split("\n");
    await docker(
      "cp",
      textFile(list.filter((entry) => !entry.includes(" ATTACH "))),
      `${stack.name}:/tmp/list`,
    );
    await inside("createdb", "elsewhere");
    restore(
      "--use-list=/tmp/list",
      "--no-owner",
      "--no-privileges",
      "--exit-on-error",
      "--dbname=elsewhere",
    );
    const question =
      "select (select count(*) from tenant_empresa_1.conversations) || ' ' || note from tenant_empresa_1.by_hand";
    expect(
      await inside(
        "psql",
        "--tuples-only",
        "--no-align",
        "--dbname=elsewhere",
        `--command=${question}`,
      ),
    ).toBe("500 kept");
  },
);

/** A file that everybody can read, for a container. */
function textFile(lines: readonly string[]): string {
  const file = join(scratchDirectory("text"), "list");
  writeFileSync(file, lines.join("\n"));
  chmodSync(file, 0o644);
  return file;
}
