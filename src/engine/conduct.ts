import type { Checkpoint } from "./checkpoint.ts";
import { Failures } from "./failures.ts";
import { Monitor } from "./monitor.ts";
import { OldState } from "./old-state.ts";
import { Passphrase } from "./passphrase.ts";
import { PluginHost } from "./plugin-host.ts";
import { Providers, pluginVersion } from "./providers.ts";
import { Recorder } from "./recorder.ts";
import { Registrar } from "./registrar.ts";
import type { PendingOperation, StoredResource } from "./resource.ts";
import type { Run } from "./run.ts";
import { SecretKeeper } from "./secret-keeper.ts";
import { Semaphore } from "../core/semaphore.ts";
import type { Outcome, Session } from "./session.ts";
import { hasSecrets, readStackConfig } from "./stack-config.ts";
import type { StackConfig } from "./stack-config.ts";
import { presentOutputs } from "./stack-outputs.ts";
import { isProviderType, packageOf } from "./urn.ts";

/** What an operation works with: everything that is started around it, and stopped after it. */
export interface Conducted {
  readonly session: Session;
  readonly config: StackConfig;
  readonly monitor: Monitor;
  readonly address: string;
  readonly failures: Failures;
  /** The state is open: a moment later than the rest, since the key takes its time. */
  readonly ready: Promise<{ run: Run; registrar: Registrar }>;
  /** Resolves when the first thing fails, Ctrl-C included. */
  readonly stopped: Promise<"stopped">;
}

/**
 * Starts what an operation needs, runs it, ends every process it started, and reports.
 *
 * @throws the first failure, after everything under way has been finished and recorded
 */
export async function conduct(
  session: Session,
  operate: (conducted: Conducted) => Promise<void>,
): Promise<Outcome> {
  const { options, events, checkpoint, project, preview, parallel } = session;
  const config = readStackConfig(options.config, await configPassphrase(session));
  const { promise: stopped, resolve: stop } = Promise.withResolvers<"stopped">();
  const failures = new Failures(events, () => {
    stop("stopped");
  });
  const opened = Promise.withResolvers<{ run: Run; registrar: Registrar }>();
  const registration = opened.promise.then(({ registrar }) => registrar);
  // Without a registration to answer nobody waits for it; the operation reports why it cannot be had.
  registration.catch(() => undefined);
  const { monitor, address } = await Monitor.listen({
    project: project.name,
    stack: options.stack,
    preview,
    parallel,
    events,
    registrar: registration,
    onError: (message, urn) => {
      failures.logged(message, urn);
    },
  });
  const host = new PluginHost(project, pluginEnvironment(session), address);
  const interrupt = (): void => {
    failures.interrupt();
    void host.cancelAll();
  };
  let registrar: Registrar | undefined;
  try {
    events.prelude(describeConfig(config));
    warnOfPending(session);
    preparePlugins(host, checkpoint.resources);
    options.signal?.addEventListener("abort", interrupt, { once: true });
    if (options.signal?.aborted) interrupt();
    const ready = openRun(session, host, failures).then((run) => {
      registrar = new Registrar(run, config);
      opened.resolve({ run, registrar });
      return { run, registrar };
    });
    ready.catch(opened.reject);
    await operate({ session, config, monitor, address, failures, ready, stopped });
  } catch (error) {
    failures.add(error);
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
    await registrar?.idle();
    await host.stopAll();
    monitor.close();
    events.end(failures.result);
  }
  failures.throwIfAny();
  const outputs = presentOutputs(registrar?.outputs ?? {}, false);
  return { changes: events.counts, outputs };
}

async function openRun(session: Session, host: PluginHost, failures: Failures): Promise<Run> {
  const { project, preview, events, checkpoint, parallel, options } = session;
  const keeper = new SecretKeeper(await session.passphrase);
  const resources = checkpoint.resources.map((stored, slot) => keeper.open(stored, slot));
  const writer = await session.openWriter();
  const old = new OldState(resources);
  return {
    project,
    stack: options.stack,
    preview,
    old,
    recorder: new Recorder(keeper, writer, resources.length),
    providers: new Providers(host, old),
    events,
    failures,
    slots: new Semaphore(parallel),
    questions: new Semaphore(parallel),
  };
}

/** Secret settings belong to the stack file's salt, which need not be the state's. */
async function configPassphrase({ options }: Session): Promise<Passphrase | undefined> {
  const { config, encryptionSalt, passphrase } = options;
  if (encryptionSalt === undefined || !hasSecrets(config)) return undefined;
  return await Passphrase.open(passphrase, encryptionSalt);
}

function describeConfig({ values, secretKeys }: StackConfig): Record<string, string> {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, secretKeys.has(key) ? "[secret]" : value]),
  );
}

const openCreates = ({ pending }: Checkpoint): string[] =>
  pending.filter(({ type }) => type === "creating").map(({ resource }) => resource.urn);

/** What plugins get besides this process's environment. */
function pluginEnvironment({ project, options, checkpoint }: Session): NodeJS.ProcessEnv {
  return {
    PULUMI_PROJECT: project.name,
    PULUMI_NODEJS_PROJECT: project.name,
    PULUMI_STACK: options.stack,
    PULUMI_ORGANIZATION: "organization",
    PULUMI_ROOT_DIRECTORY: project.root,
    TENANTRY_ENGINE_PID: String(process.pid),
    // A stand-in may adopt only what it was creating when the engine was killed.
    TENANTRY_PENDING_CREATES: JSON.stringify(openCreates(checkpoint)),
  };
}

const DOING: Readonly<Record<PendingOperation["type"], string>> = {
  creating: "created",
  updating: "updated",
  deleting: "deleted",
  reading: "read",
  importing: "imported",
};

function warnOfPending({ events, checkpoint }: Session): void {
  for (const { resource, type } of checkpoint.pending)
    events.diagnostic(
      "warning",
      `An earlier run was killed while this resource was being ${DOING[type]}: it may be there or not.`,
      resource.urn,
    );
}

/** The plugins the last run used will be needed again: they start while the program does. */
function preparePlugins(host: PluginHost, resources: readonly StoredResource[]): void {
  for (const { type, inputs = {} } of resources)
    if (isProviderType(type)) host.prepare(packageOf(type), pluginVersion({ inputs }));
}
