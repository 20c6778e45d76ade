import type { Problem } from "../../settings/problem.ts";
import type { DeclaredStack } from "./declared-tenants.ts";

export interface StackChange {
  readonly stack: string;
  /** The name of the earlier revision. */
  readonly base: string;
  readonly before: DeclaredStack | undefined;
  readonly after: DeclaredStack | undefined;
}

/**
 * Tenants that were taken off a stack's list and had not been retired: each at the line that it had. A stack that was
 * disposable before may lose any.
 */
export function removedTenants({ stack, base, before, after }: StackChange): Problem[] {
  if (!before || before.disposable) return [];
  // One that was renamed is on the list under another id.
  const left = new Set(after?.tenants.flatMap(({ id, renamedFrom = id }) => [id, renamedFrom]));
  return before.tenants
    .filter(({ id, state }) => !left.has(id) && state !== "retired")
    .map(({ id, state, file, line }) => ({
      file,
      line,
      path: `tenant ${id}`,
      rule: `is ${state} in ${base} and no longer declared for the stack ${stack}. Put the line back with "state: retired", let that be deployed, and remove the line afterwards`,
    }));
}
