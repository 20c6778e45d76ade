// Writes what applications import as a package of JavaScript into dist/, or the folder that is named: Node strips no
// types below node_modules.
import { execFileSync } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const dist = resolve(process.argv[2] ?? join(root, "dist"));
rmSync(dist, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "--project",
    join(root, "tsconfig.package.json"),
    "--outDir",
    join(dist, "lib"),
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
const entries = Object.entries(exports).flatMap(([entry, source]) => {
  const emitted = source.replace("./src/", "./lib/").replace(/\.ts$/, "");
  const files = { types: `${emitted}.d.ts`, default: `${emitted}.js` };
  return source === emitted ? [] : [[entry, files] as const];
});
const optional = ["kysely", "drizzle-orm", "@opentelemetry/api", "express", "fastify", "hono"];
const manifest = {
  name,
  version,
  description: "Serves the tenants of a schema-per-tenant PostgreSQL, one at a time",
  license,
  type: "module",
  engines: { node: ">=20" },
  exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
  peerDependencies: {
    pg: `^${dependencies.pg ?? ""}`,
    ...Object.fromEntries(optional.map((peer) => [peer, `^${devDependencies[peer] ?? ""}`])),
  },
  peerDependenciesMeta: Object.fromEntries(optional.map((peer) => [peer, { optional: true }])),
};
removeUnused(entries.flatMap(([, files]) => Object.values(files)));
// The folders whose queries tenantry/admin runs.
for (const folder of ["doctor", "fleet", "partitions"])
  cpSync(join(root, "sql", folder), join(dist, "sql", folder), { recursive: true });
writeFileSync(join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

/** Removes what was emitted for a type alone, and is reached from none of these files. */
function removeUnused(from: readonly string[]): void {
  const used = new Set(from.map((file) => join(dist, file)));
  for (const file of used)
    for (const [, target = ""] of readFileSync(file, "utf8").matchAll(/\bfrom "(\.[^"]+)"/g)) {
      const module = join(dirname(file), target).replace(/(\.d)?\.[jt]s$/, "");
      used.add(`${module}${file.endsWith(".d.ts") ? ".d.ts" : ".js"}`);
    }
  for (const file of globSync(join(dist, "lib", "**", "*.{js,ts}")))
    if (!used.has(file)) rmSync(file);
}
