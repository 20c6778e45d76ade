import { spawnSync } from "node:child_process";
import { TenantryError } from "../../core/errors.ts";

/** The files of a commit or tree of the project's own repository, read without checking it out. */
export interface Revision {
  /** As it was asked for, for messages. */
  readonly name: string;
  /** The files by their path: a hash of each one's mode and content. */
  readonly files: ReadonlyMap<string, string>;
  /** The text of a file; nothing when the revision has none there. */
  readonly read: (file: string) => string | undefined;
}

/** Files larger than this are none of this project, in bytes. */
const LARGEST_OUTPUT = 256 * 1024 * 1024;

function git(root: string, args: readonly string[], revision: string): string {
  const { status, stdout, stderr, error } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: LARGEST_OUTPUT,
  });
  if (status === 0) return stdout;
  const said = stderr.trim().split("\n").at(-1) ?? "";
  const reason = error?.message ?? (said === "" ? "git does not know it" : said);
  throw new TenantryError("TNT-632", { revision, reason });
}

/**
 * @param root the project's directory
 * @param name a commit, branch, tag or tree
 * @throws {TenantryError} TNT-632 when git does not have it
 */
export function readRevision(root: string, name: string): Revision {
  const query = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{tree}`];
  const tree = git(root, query, name).trim();
  const entries = git(root, ["ls-tree", "-r", "-z", tree], name).split("\0");
  const files = new Map(
    entries.flatMap((entry) => {
      const [, mode, object, file] = /^(\d+) \w+ ([0-9a-f]+)\t([^]+)$/.exec(entry) ?? [];
      return file === undefined ? [] : [[file, `${mode ?? ""} ${object ?? ""}`] as const];
    }),
  );
  const read = (file: string): string | undefined => {
    const object = files.get(file)?.split(" ")[1];
    return object === undefined ? undefined : git(root, ["cat-file", "blob", object], name);
  };
  return { name, files, read };
}
