import { TenantryError } from "../core/errors.ts";
import { deleteResource } from "./delete-resource.ts";
import { referencesOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";

/**
 * Deletes resources, dependents before what they need, those of one level at once.
 *
 * @throws TNT-315 before anything is deleted, when one is protected
 */
export async function deleteAll(run: Run, condemned: readonly Resource[]): Promise<void> {
  const guarded = condemned.filter((resource) => resource.protect && !isLeftover(resource));
  if (guarded.length > 0) {
    // What would go is told before it is refused, as the CLI does; a preview tells all of it.
    for (const old of run.preview ? condemned : guarded)
      run.events.stepStarted({ op: operationOn(old), old });
    throw new TenantryError("TNT-315", { urns: guarded.map(({ urn }) => urn), doing: "delete" });
  }
  const together = new Set(condemned.map(({ urn }) => urn));
  for (const level of deletionLevels(condemned)) {
    await Promise.all(
      level.map((resource) =>
        run.slots.run(async () => {
          if (run.failures.any) return;
          await deleteResource(run, resource, { op: operationOn(resource), together }).catch(
            (error: unknown) => {
              run.failures.add(error, resource.urn);
            },
          );
        }),
      ),
    );
    if (run.failures.any) return;
  }
}

/** What a replacement left behind is no longer what was protected. */
const isLeftover = (resource: Resource): boolean =>
  resource.delete === true || resource.pendingReplacement === true;

function operationOn(resource: Resource): "delete" | "delete-replaced" | "remove-pending-replace" {
  if (resource.pendingReplacement) return "remove-pending-replace";
  return resource.delete ? "delete-replaced" : "delete";
}

/** The resources in levels: each level is needed by earlier ones only. */
export function deletionLevels(resources: readonly Resource[]): Resource[][] {
  const left = new Set(resources);
  const copies = Map.groupBy(resources, ({ urn }) => urn);
  const needs = new Map(
    resources.map((resource) => {
      const found = [...new Set(referencesOf(resource))].flatMap((urn) => copies.get(urn) ?? []);
      return [resource, found.filter((needed) => needed !== resource)];
    }),
  );
  const users = new Map(resources.map((resource) => [resource, 0]));
  const count = (needed: Resource, by: number): void => {
    users.set(needed, (users.get(needed) ?? 0) + by);
  };
  for (const found of needs.values()) for (const needed of found) count(needed, 1);
  const levels: Resource[][] = [];
  while (left.size > 0) {
    const free = [...left].filter((resource) => users.get(resource) === 0);
    // Old copies of several runs may need each other in a circle; file order then says which came last.
    const level = free.length > 0 ? free : [...left].slice(-1);
    for (const resource of level) {
      left.delete(resource);
      for (const needed of needs.get(resource) ?? []) count(needed, -1);
    }
    levels.push(level);
  }
  return levels;
}
