import { status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { setTimeout as sleep } from "node:timers/promises";
import { dirname } from "node:path";
import { TenantryError, messageOf } from "../core/errors.ts";
import { PluginClient } from "../protocol/plugin-client.ts";
import { childEnvironment } from "./child-environment.ts";
import { ChildGroup, onLines } from "./child-group.ts";
import { findPlugin } from "./find-plugin.ts";
import type { Project } from "./project.ts";

/** How long a plugin may take to say its port: a cold start on a busy machine takes a few seconds. */
const START_DEADLINE_MS = 60_000;
/** How long it may take to answer Cancel, and then to end. */
const CANCEL_DEADLINE_MS = 1_000;
const END_PATIENCE_MS = 3_000;
/** How much of what a plugin wrote to stderr an error shows. */
const STDERR_LINES = 30;

/** A plugin's process and the connection to it. */
export class PluginProcess {
  readonly name: string;
  readonly client: PluginClient;
  readonly #child: ChildGroup;
  readonly #stderr: readonly string[];

  constructor(name: string, client: PluginClient, child: ChildGroup, stderr: readonly string[]) {
    this.name = name;
    this.client = client;
    this.#child = child;
    this.#stderr = stderr;
  }

  /** Runs a call; if the process is gone, the error says so and shows what it wrote last. */
  async use<T>(run: (client: PluginClient) => Promise<T>): Promise<T> {
    try {
      return await run(this.client);
    } catch (cause) {
      const { code } = cause as Partial<ServiceError>;
      if (code !== status.UNAVAILABLE && code !== status.CANCELLED) throw cause;
      // The connection breaks a moment before the end of the process is known.
      await Promise.race([this.#child.ended, sleep(500)]);
      if (!this.#child.ending) throw cause;
      throw ended(this.name, this.#child, this.#stderr, cause);
    }
  }

  async cancel(): Promise<void> {
    if (this.#child.ending) return;
    // Old plugins do not know the call; a busy one is ended all the same.
    await this.client.cancel(CANCEL_DEADLINE_MS).catch(() => undefined);
  }

  async stop(): Promise<void> {
    await this.cancel();
    this.client.close();
    await this.#child.end(END_PATIENCE_MS);
  }
}

/** Starts plugins, and ends every one of them. */
export class PluginHost {
  readonly #project: Project;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #engineAddress: string;
  readonly #started: Promise<PluginProcess>[] = [];
  readonly #spare = new Map<string, Promise<PluginProcess>>();
  #stopped = false;

  /** @param environment besides this process's own */
  constructor(project: Project, environment: NodeJS.ProcessEnv, engineAddress: string) {
    this.#project = project;
    this.#environment = { ...childEnvironment(project.root), ...environment };
    this.#engineAddress = engineAddress;
  }

  /** Starts a plugin that will be needed, while other things still happen. */
  prepare(name: string, version: string): void {
    const key = `${name} ${version}`;
    if (this.#spare.has(key)) return;
    const process = this.#launch(name, version);
    process.catch(() => undefined);
    this.#spare.set(key, process);
  }

  /** A process of its own for each provider. @throws TNT-309, TNT-310 */
  async start(name: string, version: string): Promise<PluginProcess> {
    const key = `${name} ${version}`;
    const spare = this.#spare.get(key);
    this.#spare.delete(key);
    return await (spare ?? this.#launch(name, version));
  }

  async cancelAll(): Promise<void> {
    await this.#each((plugin) => plugin.cancel());
  }

  async stopAll(): Promise<void> {
    this.#stopped = true;
    await this.#each((plugin) => plugin.stop());
  }

  async #each(act: (plugin: PluginProcess) => Promise<void>): Promise<void> {
    // One that did not start has ended already.
    await Promise.allSettled(this.#started.map(async (plugin) => act(await plugin)));
  }

  #launch(name: string, version: string): Promise<PluginProcess> {
    const started = this.#launchNow(name, version);
    this.#started.push(started);
    return started;
  }

  async #launchNow(name: string, version: string): Promise<PluginProcess> {
    const file = findPlugin(this.#project, { name, version });
    if (this.#stopped) throw new TenantryError("TNT-316", {});
    const child = new ChildGroup(file, [this.#engineAddress], {
      cwd: this.#project.root,
      env: this.#environment,
    });
    const stderr: string[] = [];
    onLines(child.process.stderr, (line) => {
      stderr.push(line);
      if (stderr.length > STDERR_LINES) stderr.shift();
    });
    const port = await readPort(name, child, stderr);
    const plugin = new PluginProcess(name, new PluginClient(`127.0.0.1:${port}`), child, stderr);
    await plugin.use((client) => client.handshake(this.#engineAddress, dirname(file)));
    return plugin;
  }
}

async function readPort(
  name: string,
  child: ChildGroup,
  stderr: readonly string[],
): Promise<number> {
  const deadline = new AbortController();
  const port = new Promise<number>((resolve) => {
    onLines(child.process.stdout, (line) => {
      if (/^\s*\d+\s*$/.test(line)) resolve(Number(line));
    });
  });
  try {
    return await Promise.race([
      port,
      child.ended.then((): never => {
        throw ended(name, child, stderr);
      }),
      sleep(START_DEADLINE_MS, undefined, { signal: deadline.signal }).then((): never => {
        child.kill("SIGKILL");
        const reason = `did not say its port within ${START_DEADLINE_MS / 1000} seconds`;
        throw new TenantryError("TNT-310", { name, reason, stderr: stderr.join("\n") });
      }),
    ]);
  } finally {
    deadline.abort();
  }
}

function ended(
  name: string,
  { ending }: ChildGroup,
  stderr: readonly string[],
  cause?: unknown,
): TenantryError {
  const how = ending?.error
    ? `could not be started: ${messageOf(ending.error)}`
    : ending?.signal
      ? `was ended by ${ending.signal}`
      : `ended with exit code ${ending?.code ?? "unknown"}`;
  return new TenantryError("TNT-310", { name, reason: how, stderr: stderr.join("\n") }, { cause });
}
