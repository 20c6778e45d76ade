import type { DiffAnswer } from "../protocol/diff-answer.ts";
import { sameValue } from "../protocol/values.ts";
import { invertDiff, resolveUnknownDiff } from "./diff.ts";
import { omit } from "../core/omit.ts";
import { asOld } from "./provider.ts";
import type { Provider } from "./provider.ts";
import { referencesOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";
import { failStep } from "./step-failure.ts";
import { isProviderType } from "./urn.ts";

/** Marks the steps of a refresh. */
const refreshed = true;

/**
 * Reads every resource as it is and takes it over into the state; what is gone is forgotten.
 *
 * @param targets the URNs of those that are read. Default: all
 */
export async function refreshAll(run: Run, targets?: readonly string[]): Promise<void> {
  const gone: Resource[] = [];
  const wanted = run.old.remaining.filter(({ urn }) => targets?.includes(urn) ?? true);
  await Promise.all(
    wanted.map((resource) =>
      run.slots.run(async () => {
        if (run.failures.any || resource.delete) return;
        try {
          if (!(await refreshResource(run, resource))) gone.push(resource);
        } catch (error) {
          failStep(run, { op: "refresh", old: resource, next: resource, refreshed }, error);
        }
      }),
    ),
  );
  if (gone.length > 0) await forget(run, gone);
}

/** @returns whether the resource is still there */
async function refreshResource(run: Run, resource: Resource): Promise<boolean> {
  const { events, recorder, old } = run;
  const { urn, provider } = resource;
  events.stepStarted({ op: "refresh", old: resource, next: resource, refreshed });
  if (isProviderType(resource.type) || provider === undefined || resource.pendingReplacement) {
    events.stepDone({ op: "same", old: resource, next: resource, refreshed });
    return true;
  }
  const plugin = await run.providers.get(provider);
  const { id, inputs, outputs, initErrors } = await plugin.read(urn, asOld(resource));
  if (id === "") {
    events.stepDone({ op: "delete", old: resource, refreshed });
    return false;
  }
  if (initErrors) events.diagnostic("warning", `It is not complete: ${initErrors.join("; ")}`, urn);
  const isChanged =
    !sameValue(inputs, resource.inputs) ||
    !sameValue(outputs, resource.outputs) ||
    !sameValue([...(initErrors ?? [])], [...(resource.initErrors ?? [])]) ||
    id !== resource.id;
  const next: Resource = {
    ...omit(resource, "initErrors"),
    id,
    inputs,
    outputs,
    ...(isChanged && { modified: new Date().toISOString() }),
    ...(initErrors && { initErrors }),
  };
  const diff = await driftOf(plugin, resource, next);
  if (isChanged) await recorder.record({ put: [next] });
  old.update(next);
  const op = diff.changes === "some" ? "update" : "same";
  events.stepDone({ op, old: resource, next, diff, refreshed });
  return true;
}

/** How the resource differs from what was wanted: the opposite of what the next `up` would do. */
async function driftOf(plugin: Provider, old: Resource, next: Resource): Promise<DiffAnswer> {
  const ignored = old.ignoreChanges ?? [];
  const answer = await plugin.diff(next.urn, asOld(next), old.inputs, ignored);
  return invertDiff(resolveUnknownDiff(answer, { olds: next.inputs, news: old.inputs, ignored }));
}

/** Forgets resources, and what others said about them. */
async function forget(run: Run, gone: readonly Resource[]): Promise<void> {
  const urns = new Set(gone.map(({ urn }) => urn));
  for (const resource of gone) run.old.remove(resource);
  const touched = run.old.remaining.filter((resource) =>
    referencesOf(resource).some((urn) => urns.has(urn)),
  );
  const put = touched.map((resource) => withoutReferences(resource, urns));
  for (const resource of put) run.old.update(resource);
  await run.recorder.record({ put, drop: gone });
}

function withoutReferences(resource: Resource, gone: ReadonlySet<string>): Resource {
  const { parent, deletedWith, dependencies, propertyDependencies, ...facts } = resource;
  const there = (urns: readonly string[] | null): string[] =>
    (urns ?? []).filter((urn) => !gone.has(urn));
  return {
    ...facts,
    ...(parent !== undefined && !gone.has(parent) && { parent }),
    ...(deletedWith !== undefined && !gone.has(deletedWith) && { deletedWith }),
    ...(dependencies && { dependencies: there(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, there(urns)]),
      ),
    }),
  };
}
