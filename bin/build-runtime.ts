// Writes tenantry/runtime as a package of JavaScript into dist/, or the folder that is named: Node strips no types below
// node_modules.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const dist = resolve(process.argv[2] ?? join(root, "dist"));
rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "--project",
    join(root, "tsconfig.runtime.json"),
    "--outDir",
    dist,
  ],
  { stdio: "inherit" },
);

type Names = Record<string, string>;
const project = JSON.parse(read("package.json")) as {
  name: string;
  version: string;
  license: string;
  exports: Names;
  dependencies: Names;
  devDependencies: Names;
};
const { name, version, license, exports, dependencies, devDependencies } = project;
/** What jobs with the owner's rights import stays in the project. */
const isBuilt = (entry: string) => entry.startsWith("./runtime") || entry === "./package.json";
const published = Object.entries(exports).filter(([entry]) => isBuilt(entry));
const entries: [string, unknown][] = published.map(([entry, source]) => {
  const emitted = source.replace("./src/", "./").replace(/\.ts$/, "");
  const files = { types: `${emitted}.d.ts`, default: `${emitted}.js` };
  return [entry, source === emitted ? source : files];
});
const optional = ["kysely", "drizzle-orm", "@opentelemetry/api", "express", "fastify", "hono"];
const manifest = {
  name,
  version,
  description: "Serves the tenants of a schema-per-tenant PostgreSQL, one at a time",
  license,
  type: "module",
  engines: { node: ">=20" },
  exports: Object.fromEntries(entries),
  peerDependencies: {
    pg: `^${dependencies.pg ?? ""}`,
    ...Object.fromEntries(optional.map((peer) => [peer, `^${devDependencies[peer] ?? ""}`])),
  },
  peerDependenciesMeta: Object.fromEntries(optional.map((peer) => [peer, { optional: true }])),
};
writeFileSync(join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
