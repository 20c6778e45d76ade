import { randomUUID } from "node:crypto";
import { TenantryError } from "../core/errors.ts";
import { NO_DIFFERENCE } from "../protocol/diff-answer.ts";
import { sameValue } from "../protocol/values.ts";
import { acceptChecked } from "./check-failures.ts";
import type { Plan } from "./plan.ts";
import { UNKNOWN_PROVIDER_ID, providerArguments } from "./provider.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";

/**
 * Decides about a provider resource: the configuration of a plugin, whose process starts here.
 *
 * @throws TNT-308 when it would have to be replaced, TNT-319
 */
export async function planProvider(
  run: Run,
  next: Resource,
  old: Resource | undefined,
): Promise<Plan> {
  const { urn } = next;
  const plugin = await run.providers.start(next);
  const given = providerArguments(next.inputs);
  const before = old ? providerArguments(old.inputs) : {};
  const checked = await plugin.use((client) => client.checkConfig(urn, before, given));
  const { version, __internal } = next.inputs;
  const accepted = acceptChecked(urn, checked);
  const inputs = {
    ...accepted,
    ...(version !== undefined && { version: accepted.version ?? version }),
    ...(__internal !== undefined && { __internal }),
  };
  const news = providerArguments(inputs);
  const wanted = { ...next, inputs, outputs: news };
  if (!old) {
    const id = run.preview ? UNKNOWN_PROVIDER_ID : randomUUID();
    return { kind: "create", next: { ...wanted, id }, plugin };
  }
  const olds = { inputs: before, outputs: old.outputs };
  const answer = await plugin.use((client) => client.diffConfig(urn, olds, news));
  const diff = answer ?? { ...NO_DIFFERENCE, changes: "unknown" };
  if (diff.replaces.length > 0)
    throw new TenantryError("TNT-308", { feature: `the replacement of a provider (${urn})` });
  const isChanged =
    diff.changes === "some" || (diff.changes === "unknown" && !sameValue(old.outputs, news));
  const kept = { ...wanted, slot: old.slot, ...(old.id !== undefined && { id: old.id }) };
  return isChanged
    ? { kind: "update", next: kept, old, diff, plugin }
    : { kind: "same", next: { ...kept, outputs: old.outputs }, old, diff, plugin };
}
