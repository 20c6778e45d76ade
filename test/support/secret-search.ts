import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** Secrets by what they are: reports name them, and do not show them. */
type Secrets = ReadonlyMap<string, string>;

/** Which secrets stand in a text or in a file's bytes. */
export function secretsIn(secrets: Secrets, content: string | Buffer): string[] {
  return [...secrets].filter(([, secret]) => content.includes(secret)).map(([name]) => name);
}

/** What is not the project's own work: what npm installed, and git's. */
const FOREIGN = ["node_modules", ".git"];

/** The secrets in all files below a directory, or in the files' names. */
export function secretsBelow(secrets: Secrets, root: string): { name: string; file: string }[] {
  return filesBelow(root).flatMap((file) =>
    [...secretsIn(secrets, file), ...secretsIn(secrets, readFileSync(file))].map((name) => ({
      name,
      file,
    })),
  );
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return FOREIGN.includes(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Whether only its owner gets at a file: by its own mode, or by that of a folder it is in, up to the root. */
export function isPrivate(path: string, root: string): boolean {
  if ((statSync(path).mode & 0o077) === 0) return true;
  return path.startsWith(root) && path !== root && isPrivate(dirname(path), root);
}
