import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkout } from "./project.ts";

interface LockedPackage {
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/**
 * A new application that depends on packages which the checkout has: their files are copied, since npm would ask a
 * registry for them.
 *
 * @returns its folder
 */
export function makeApplication(parent: string, name: string, packages: readonly string[]): string {
  const folder = join(parent, name);
  const locked = readLock();
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const place of withDependencies(locked, packages)) {
    cpSync(join(checkout, place), join(folder, place), { recursive: true });
    linkCommands(join(folder, place), locked[place]?.bin ?? {});
  }
  const dependencies = Object.fromEntries(
    packages.map((dependency) => [dependency, locked[`node_modules/${dependency}`]?.version]),
  );
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, private: true, type: "module", dependencies }),
  );
  return folder;
}

function readLock(): Readonly<Record<string, LockedPackage>> {
  const { packages } = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  return packages;
}

/** A package whose commands are not there is installed again. */
function linkCommands(folder: string, commands: Readonly<Record<string, string>>): void {
  const links = join(folder.slice(0, folder.lastIndexOf("node_modules")), "node_modules", ".bin");
  for (const [command, file] of Object.entries(commands)) {
    mkdirSync(links, { recursive: true });
    symlinkSync(relative(links, join(folder, file)), join(links, command));
  }
}

/** Where the packages lie, and all that they need. */
function withDependencies(
  locked: Readonly<Record<string, LockedPackage>>,
  packages: readonly string[],
): ReadonlySet<string> {
  const places = new Set(packages.map((name) => `node_modules/${name}`));
  for (const place of places) {
    const { dependencies, peerDependencies, peerDependenciesMeta } = locked[place] ?? {};
    const peers = Object.keys(peerDependencies ?? {});
    const needed = peers.filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true);
    for (const name of [...Object.keys(dependencies ?? {}), ...needed])
      places.add(nearest(locked, place, name));
  }
  return places;
}

/** Where a package finds one that it needs: in its own folder, or in one around it. */
function nearest(locked: object, place: string, name: string): string {
  for (let around = place; ; around = around.slice(0, around.lastIndexOf("node_modules/"))) {
    const found = join(around, "node_modules", name);
    if (Object.hasOwn(locked, found)) return found;
    if (around === "") throw new Error(`package-lock.json has no ${name} for ${place}`);
  }
}
