import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { describeProblem } from "../../settings/problem.ts";
import type { Problem } from "../../settings/problem.ts";
import { listStacks, loadStackFile, settingsOfStack } from "../../settings/stack-file.ts";
import { declaredStack } from "./declared-tenants.ts";
import { editedMigrations, isMigration } from "./edited-migrations.ts";
import { readRevision } from "./revision.ts";
import type { Revision } from "./revision.ts";
import { removedTenants } from "./removed-tenants.ts";

export interface CheckOptions {
  readonly root: string;
  /** Default: all that have a file. */
  readonly stack?: string | undefined;
  /** An earlier revision to compare with. Default: none. */
  readonly base?: string | undefined;
}

/**
 * Everything that is wrong with the project's files: settings of the stacks, and, against an earlier revision, tenants
 * that went without being retired and migrations that were edited.
 *
 * @throws {TenantryError} TNT-632 when git does not have the revision
 */
export function checkProject({ root, stack, base }: CheckOptions): string[] {
  const stacks = stack === undefined ? listStacks(root) : [stack];
  const revision = base === undefined ? undefined : readRevision(root, base);
  return [
    ...stacks.flatMap((name) => settingsProblems(root, name)),
    ...(revision
      ? [...changedTenants(root, revision, stack), ...changedMigrations(root, revision)]
      : []
    ).map(describeProblem),
  ];
}

function settingsProblems(root: string, stack: string): string[] {
  try {
    settingsOfStack({ root, stackFile: loadStackFile({ root, stack }) });
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** Text that cannot be read as a stack declares nothing; its own check says so. */
function unlessBroken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function changedTenants(root: string, revision: Revision, only: string | undefined): Problem[] {
  const names = [...revision.files.keys()].flatMap(
    (file) => /^stacks\/Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [],
  );
  return names
    .filter((stack) => only === undefined || stack === only)
    .flatMap((stack) =>
      removedTenants({
        stack,
        base: revision.name,
        before: unlessBroken(() => declaredStack(stack, revision.read)),
        after: unlessBroken(() => declaredStack(stack, (file) => textOf(root, file))),
      }),
    );
}

function changedMigrations(root: string, revision: Revision): Problem[] {
  const changes = [...revision.files.keys()].filter(isMigration).map((file) => ({
    file,
    before: revision.read(file) ?? "",
    after: textOf(root, file),
  }));
  return editedMigrations(revision.name, changes);
}

/** The text of a file; nothing when there is none. */
function textOf(root: string, file: string): string | undefined {
  try {
    return readFileSync(join(root, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
