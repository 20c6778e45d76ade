import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { freshClone } from "../story/fresh-clone.ts";
import type { FreshClone, Ran } from "../story/fresh-clone.ts";

const IDENTITY = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];

/** A bare repository, the clone of who writes a pull request, and the one of the machine that runs the workflows. */
export interface Repository {
  readonly runner: FreshClone;
  /** The author's clone. */
  readonly author: string;
  /** Commits what is in the author's clone, pushes it as a branch, and says its commit. */
  readonly push: (branch: string) => string;
  /** Runs git in the runner's clone. */
  readonly git: (...args: string[]) => string;
  /** Puts the runner's clone on a commit, without leftovers. */
  readonly checkOut: (commit: string) => void;
  /** Runs a script of the workflows in the runner's clone. */
  readonly script: (name: string, ...args: string[]) => Ran;
  /** The commit of the base branch. */
  readonly base: string;
}

const gitIn = (directory: string, ...args: string[]): string =>
  execFileSync("git", [...IDENTITY, ...args], { cwd: directory, encoding: "utf8" }).trim();

/** @param prepare changes the base branch before anybody clones it */
export async function makeRepository(prepare: (clone: FreshClone) => void): Promise<Repository> {
  const runner = await freshClone();
  const git = (...args: string[]): string => gitIn(runner.root, ...args);
  git("checkout", "--quiet", "-B", "main");
  prepare(runner);
  git("add", "stacks", "sql");
  git("commit", "--quiet", "--message", "Begin");
  const bare = join(runner.root, "..", "origin.git");
  const author = join(runner.root, "..", "author");
  execFileSync("git", ["clone", "--quiet", "--bare", runner.root, bare]);
  execFileSync("git", ["clone", "--quiet", bare, author]);
  git("remote", "set-url", "origin", bare);
  const checkOut = (commit: string): void => {
    git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*");
    git("reset", "--quiet", "--hard");
    git("checkout", "--quiet", "--detach", commit);
  };
  return {
    runner,
    author,
    base: git("rev-parse", "HEAD"),
    git,
    checkOut,
    push: (branch) => {
      gitIn(author, "checkout", "--quiet", "-B", branch);
      gitIn(author, "add", "--all");
      gitIn(author, "commit", "--quiet", "--message", branch);
      gitIn(author, "push", "--quiet", "--force", "origin", branch);
      return gitIn(author, "rev-parse", "HEAD");
    },
    script: (name, ...args) => {
      const { status, stdout, stderr } = spawnSync(
        join(runner.root, ".github", "scripts", name),
        args,
        { cwd: runner.root, encoding: "utf8", env: runner.env },
      );
      return { code: status, stdout, stderr };
    },
  };
}
