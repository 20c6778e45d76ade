import { asOld } from "./provider.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";
import { failStep } from "./step-failure.ts";
import { isProviderType } from "./urn.ts";

export interface DeleteOptions {
  readonly op: "delete" | "delete-replaced" | "remove-pending-replace";
  /** URNs that go in the same operation. */
  readonly together: ReadonlySet<string>;
  /** The entry stays, as pending replacement, until the new resource is there. */
  readonly keepEntry?: boolean;
}

/** Deletes one resource, if there is something to delete, and takes it out of the state. */
export async function deleteResource(
  run: Run,
  resource: Resource,
  { op, together, keepEntry = false }: DeleteOptions,
): Promise<void> {
  const { recorder, events, old } = run;
  const facts = { op, old: resource };
  events.stepStarted(facts);
  try {
    const isReal = op !== "remove-pending-replace" && needsDelete(resource, together);
    const end = isReal && !run.preview ? await deleteNow(run, resource) : undefined;
    const kept = { ...resource, pendingReplacement: true };
    await recorder.record(keepEntry ? { put: [kept], end } : { drop: [resource], end });
    if (keepEntry) old.update(kept);
    else old.remove(resource);
  } catch (error) {
    throw failStep(run, facts, error);
  }
  events.stepDone(facts);
}

function needsDelete(
  { custom, type, retainOnDelete, deletedWith }: Resource,
  together: ReadonlySet<string>,
): boolean {
  const goesWithAnother = deletedWith !== undefined && together.has(deletedWith);
  return custom && !isProviderType(type) && !retainOnDelete && !goesWithAnother;
}

/** @returns the operation, which ends together with the entry */
async function deleteNow({ recorder, providers }: Run, resource: Resource): Promise<number> {
  const { urn, provider = "", customTimeouts } = resource;
  const plugin = await providers.get(provider);
  const operation = await recorder.begin("deleting", resource);
  try {
    await plugin.delete(urn, asOld(resource), customTimeouts?.delete);
  } catch (error) {
    await recorder.record({ end: operation });
    throw error;
  }
  return operation;
}
