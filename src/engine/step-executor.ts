import { keepSecretProperties } from "../protocol/secrets.ts";
import { isSecret, mapProperties, secret } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import type { OperationAnswer } from "../protocol/plugin-client.ts";
import { omit } from "../core/omit.ts";
import { deleteResource } from "./delete-resource.ts";
import type { StepFacts } from "./events.ts";
import { isKeptOtherwise } from "./next-state.ts";
import type { Plan } from "./plan.ts";
import { asOld } from "./provider.ts";
import type { Resource } from "./resource.ts";
import type { Run } from "./run.ts";
import { IncompleteResource, failStep } from "./step-failure.ts";

type ReplacePlan = Plan & { kind: "replace" };
type ChangePlan = Plan & { kind: "same" | "update" };

/** Carries a plan out, or shows in a preview what would come of it. Every outcome is recorded before it returns. */
export async function executePlan(run: Run, plan: Plan): Promise<Resource> {
  if (plan.kind === "replace") return await replace(run, plan);
  const { kind: op, next } = plan;
  const old = plan.kind === "create" ? undefined : plan.old;
  const diff = plan.kind === "create" ? undefined : plan.diff;
  // A provider has an id and outputs from the start; the CLI tells them with its end, as of any other resource.
  const announced = plan.plugin ? { ...omit(next, "id"), outputs: {} } : next;
  return await reported(run, { op, old, next: announced, diff }, () =>
    plan.kind === "create"
      ? create(run, plan, {})
      : plan.kind === "update"
        ? update(run, plan)
        : keep(run, plan),
  );
}

async function keep(run: Run, { next, old, provider, plugin }: ChangePlan): Promise<Resource> {
  const { old: oldState, recorder, providers } = run;
  // What the program calls secret from now on is secret in what was there before, too.
  const outputs = provider
    ? markSecrets(next, keepSecretProperties(old.outputs, next.inputs))
    : old.outputs;
  const kept = { ...next, ...withId(old), outputs };
  // A plugin that found no difference goes on with what it had.
  if (plugin) await providers.add({ ...kept, inputs: old.inputs }, plugin);
  if (isKeptOtherwise(old, kept))
    await recorder.record({ put: [kept], place: [kept], ...renamed(old, kept) });
  else recorder.note({ place: [kept] });
  oldState.remove(old);
  return kept;
}

async function create(
  run: Run,
  { next, provider, plugin }: Plan,
  gone: { drop?: readonly Resource[]; put?: readonly Resource[]; rename?: Record<string, string> },
): Promise<Resource> {
  const { recorder, providers, preview } = run;
  const { urn, inputs, customTimeouts } = next;
  const now = new Date().toISOString();
  const history = { created: now, modified: now };
  const { put = [], ...rest } = gone;
  if (!provider) {
    const made = { ...next, ...history };
    if (plugin) await providers.add(made, plugin);
    await recorder.record({ put: [made, ...put], place: [made], settle: [urn], ...rest });
    return made;
  }
  const end = await recorder.begin("creating", next);
  const answer = await orEnd(run, end, async () => {
    const created = await provider.create(urn, inputs, {
      preview,
      timeout: customTimeouts?.create,
    });
    if (created.id === "" && !preview) throw new Error("the plugin created it but gave no id");
    return created;
  });
  const made = { ...next, ...history, id: answer.id, ...resultOf(next, answer) };
  await recorder.record({ put: [made, ...put], place: [made], end, settle: [urn], ...rest });
  return made;
}

async function update(run: Run, { next, old, provider, plugin }: ChangePlan): Promise<Resource> {
  const { old: oldState, recorder, providers, preview } = run;
  const { urn, inputs, customTimeouts, ignoreChanges = [] } = next;
  const changed = { ...next, ...withId(old), modified: new Date().toISOString() };
  const rename = renamed(old, next);
  if (!provider) {
    const made = plugin ? changed : { ...changed, outputs: old.outputs };
    if (plugin) await providers.add(made, plugin);
    await recorder.record({ put: [made], place: [made], ...rename });
    oldState.remove(old);
    return made;
  }
  const end = await recorder.begin("updating", { ...changed, outputs: old.outputs });
  const options = { preview, timeout: customTimeouts?.update, ignoreChanges };
  const answer = await orEnd(run, end, () => provider.update(urn, asOld(old), inputs, options));
  // The inputs of an update that is not complete are still to be brought about: the next diff shall show them.
  const reached = answer.initErrors ? { inputs: old.inputs } : {};
  const made = { ...changed, ...reached, ...resultOf(next, answer) };
  await recorder.record({ put: [made], place: [made], end, ...rename });
  oldState.remove(old);
  return made;
}

/** Deletes what has to go first, creates the new one, and leaves the old one for the end if it still stands. */
async function replace(run: Run, plan: ReplacePlan): Promise<Resource> {
  const { next, old, diff, deletions, createFirst } = plan;
  const together = new Set(deletions.map(({ urn }) => urn));
  for (const resource of deletions)
    await deleteResource(run, resource, { op: "delete-replaced", together, keepEntry: true });
  const condemned: Resource = { ...old, delete: true };
  const rename = renamed(old, next);
  const facts = { op: "create-replacement", old, next, diff } as const;
  // The whole is told where the CLI tells it: when the old one is gone, or when the new one is there.
  if (!createFirst) reportReplaced(run, plan, next);
  if (!createFirst) {
    const made = await reported(run, facts, () => create(run, plan, { drop: [old], ...rename }));
    run.old.remove(old);
    return made;
  }
  const work = () => create(run, plan, { put: [condemned], ...rename });
  const made = await reported(run, facts, work, { old: condemned });
  run.old.update(condemned);
  reportReplaced(run, { ...plan, old: condemned }, made);
  return made;
}

function reportReplaced({ events }: Run, { old, diff }: ReplacePlan, next: Resource): void {
  events.stepStarted({ op: "replace", old, next, diff });
  events.stepDone({ op: "replace", old, next, diff });
}

/**
 * Reports a step's begin and its end, good or bad. An incomplete resource is done, and a failure.
 *
 * @param after what else differs once it went well
 */
async function reported(
  run: Run,
  facts: StepFacts & { readonly next: Resource },
  work: () => Promise<Resource>,
  after: Pick<StepFacts, "old"> = {},
): Promise<Resource> {
  const { events } = run;
  events.stepStarted(facts);
  let next: Resource;
  try {
    next = await work();
  } catch (error) {
    const { op, old } = facts;
    const known = op === "update" && old ? withId(old) : {};
    throw failStep(run, { ...facts, next: { ...facts.next, ...known } }, error);
  }
  if (next.initErrors)
    throw failStep(run, { ...facts, next }, new IncompleteResource(next.initErrors));
  events.stepDone({ ...facts, ...after, next });
  return next;
}

/** When an operation fails as a whole, nothing is pending any more, and the state says so. */
async function orEnd<T>(run: Run, end: number, operate: () => Promise<T>): Promise<T> {
  try {
    return await operate();
  } catch (error) {
    await run.recorder.record({ end });
    throw error;
  }
}

const withId = ({ id }: Resource): { id?: string } => (id === undefined ? {} : { id });

function renamed(old: Resource, next: Resource): { rename?: Record<string, string> } {
  return old.urn === next.urn ? {} : { rename: { [old.urn]: next.urn } };
}

function resultOf(
  next: Resource,
  { outputs, initErrors }: OperationAnswer,
): Pick<Resource, "outputs" | "initErrors"> {
  return { outputs: markSecrets(next, outputs), ...(initErrors && { initErrors }) };
}

function markSecrets({ additionalSecretOutputs = [] }: Resource, outputs: Properties): Properties {
  const named = new Set(additionalSecretOutputs);
  return mapProperties(outputs, (value, key) =>
    named.has(key) && !isSecret(value) ? secret(value) : value,
  );
}
