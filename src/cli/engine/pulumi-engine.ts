import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { TenantryError } from "../../core/errors.ts";
import type { EngineEvent } from "../../core/engine-event.ts";
import { hasJournal, journalFile } from "../../engine/state-store.ts";
import { parseUrn } from "../../protocol/urn.ts";
import type { UrnParts } from "../../protocol/urn.ts";
import type { Backend } from "./backend.ts";
import type { Engine, Operation, RunOptions } from "./engine.ts";

export interface PulumiEngineOptions {
  /** The `pulumi` executable. */
  readonly executable: string;
  readonly root: string;
  readonly project: string;
  readonly stack: string;
  readonly stackFile: string;
  readonly backend: Backend;
  readonly passphrase: string;
  readonly env: NodeJS.ProcessEnv;
  /** Settings for want of any other. */
  readonly placeholders: Readonly<Record<string, string>>;
}

/** What the CLI exports of a stack's state. */
interface Exported {
  readonly deployment: {
    readonly resources?: readonly { readonly urn: string; readonly protect?: boolean }[];
  };
}

/** A command line takes no more than some megabytes. */
const URNS_AT_ONCE = 1_000;

/** How much of what the CLI prints is kept for an error message, in characters. */
const KEPT_OUTPUT = 4000;

/** The installed Pulumi CLI as an engine: the same events, the same state. */
export class PulumiEngine implements Engine {
  readonly kind = "pulumi";
  readonly #options: PulumiEngineOptions;

  constructor(options: PulumiEngineOptions) {
    this.#options = options;
  }

  async run(operation: Operation, options: RunOptions): Promise<void> {
    const { preview, targets = [], planFile, onEvent, signal } = options;
    this.#refuseJournal();
    await this.#withWorkspace(preview, async (workspace) => {
      if (!(await workspace.exists())) await workspace.make();
      const command = preview
        ? operation === "up"
          ? ["preview"]
          : [operation, "--preview-only"]
        : [operation, "--yes", "--skip-preview"];
      const settings = Object.entries(this.#options.placeholders).flatMap(([key, value]) => [
        "--config",
        `${key}=${value}`,
      ]);
      const { status, output } = await workspace.run(
        [
          ...[...command, "--json", "--config-file", workspace.stackFile, ...settings],
          ...targets.flatMap((urn) => ["--target", urn]),
          ...(planFile === undefined ? [] : [preview ? "--save-plan" : "--plan", planFile]),
        ],
        { onEvent, signal },
      );
      if (signal.aborted) throw new TenantryError("TNT-316", {});
      if (output.includes("incorrect passphrase")) throw new TenantryError("TNT-301", {});
      if (status !== "code 0") throw new TenantryError("TNT-604", { status, output });
    });
  }

  async unprotect(isMeant: (resource: UrnParts) => boolean): Promise<readonly string[]> {
    const workspace = new Workspace(this.#options, this.#options.backend.url, "");
    if (!(await workspace.exists())) return [];
    const { deployment } = JSON.parse(await workspace.read(["stack", "export"])) as Exported;
    const urns = (deployment.resources ?? [])
      .filter(({ urn, protect }) => protect === true && isMeant(parseUrn(urn)))
      .map(({ urn }) => urn);
    for (let done = 0; done < urns.length; done += URNS_AT_ONCE) {
      const some = urns.slice(done, done + URNS_AT_ONCE);
      await workspace.read(["state", "unprotect", ...some, "--yes"]);
    }
    return urns;
  }

  async outputs(): Promise<Readonly<Record<string, unknown>> | undefined> {
    const workspace = new Workspace(this.#options, this.#options.backend.url, "");
    if (!(await workspace.exists())) return undefined;
    const output = await workspace.read(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** @throws TNT-322 when the local engine did more than the state says: the CLI would do it again */
  #refuseJournal(): void {
    const { backend, project, stack } = this.#options;
    if (backend.directory === undefined) return;
    const place = { backend: backend.directory, project, stack };
    if (hasJournal(place))
      throw new TenantryError("TNT-322", { stack, journal: journalFile(place) });
  }

  /**
   * The CLI writes `encryptionsalt` into the stack file, which is under version control and shared by people with
   * passphrases of their own: it gets a copy. A preview of a stack without a state gets a state of its own, too.
   */
  async #withWorkspace(
    preview: boolean,
    work: (workspace: Workspace) => Promise<void>,
  ): Promise<void> {
    const { stackFile, stack, backend } = this.#options;
    const directory = await mkdtemp(join(tmpdir(), "tenantry-"));
    try {
      const copy = join(directory, `Pulumi.${stack}.yaml`);
      await copyFile(stackFile, copy);
      const actual = new Workspace(this.#options, backend.url, copy);
      if (!preview || (await actual.exists())) {
        if (backend.directory !== undefined) await mkdir(backend.directory, { recursive: true });
        await work(actual);
      } else await work(new Workspace(this.#options, pathToFileURL(directory).href, copy));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

interface CliOptions {
  readonly onEvent?: (event: EngineEvent) => void;
  readonly signal?: AbortSignal;
  readonly cwd?: string;
}

/** The CLI with one backend and one stack file. */
class Workspace {
  readonly #options: PulumiEngineOptions;
  readonly #backendUrl: string;
  readonly stackFile: string;

  constructor(options: PulumiEngineOptions, backendUrl: string, stackFile: string) {
    this.#options = options;
    this.#backendUrl = backendUrl;
    this.stackFile = stackFile;
  }

  /** What a command prints, which is in no message: it may be secret. */
  async read(command: readonly string[]): Promise<string> {
    const { status, output } = await this.run(command);
    if (status !== "code 0") throw new TenantryError("TNT-604", { status, output: "" });
    return output;
  }

  async exists(): Promise<boolean> {
    const { project, stack, backend } = this.#options;
    if (this.#backendUrl === backend.url && backend.directory !== undefined) {
      const file = join(backend.directory, ".pulumi", "stacks", project, `${stack}.json`);
      return [file, `${file}.gz`, `${file}.zst`].some((name) => existsSync(name));
    }
    const { status, output } = await this.run(["stack", "ls", "--json"]);
    if (status !== "code 0") return false;
    const stacks = JSON.parse(output) as readonly { name: string }[];
    return stacks.some(({ name }) => name === stack || name.endsWith(`/${stack}`));
  }

  /** Makes the stack, from a folder that has the same project and takes the stack file the CLI writes. */
  async make(): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), "tenantry-"));
    try {
      await copyFile(join(this.#options.root, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
      const { status, output } = await this.run(["stack", "init", "--no-select"], {
        cwd: directory,
      });
      if (status !== "code 0") throw new TenantryError("TNT-604", { status, output });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /**
   * Runs the CLI. It gets a process group of its own, so that Ctrl-C in a terminal reaches it once, through `signal`:
   * a second one would make it leave what is in flight.
   */
  run(
    command: readonly string[],
    { onEvent, signal, cwd }: CliOptions = {},
  ): Promise<{ status: string; output: string }> {
    const { executable, root, stack, passphrase, env } = this.#options;
    const withStack = command.includes("ls") ? [] : ["--stack", stack];
    const child = spawn(executable, [...command, ...withStack, "--non-interactive"], {
      cwd: cwd ?? root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...env,
        PATH: `${dirname(process.execPath)}${delimiter}${env.PATH ?? ""}`,
        PULUMI_BACKEND_URL: this.#backendUrl,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      },
    });
    let output = "";
    const keep = (text: string): void => {
      output = onEvent ? (output + text).slice(-KEPT_OUTPUT) : output + text;
    };
    createInterface({ input: child.stdout }).on("line", (text) => {
      const event = onEvent && parseEvent(text);
      // What Pulumi's library notes for its own makers shows whole resources, their secrets in clear.
      if (event?.diagnosticEvent?.severity === "debug") return;
      if (event) onEvent(event);
      else keep(`${text}\n`);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (onEvent) keep(chunk.toString());
    });
    const interrupt = (): void => void child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt, { once: true });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, killedBy) => {
        signal?.removeEventListener("abort", interrupt);
        resolve({ status: code === null ? `signal ${killedBy ?? ""}` : `code ${code}`, output });
      });
    });
  }
}

function parseEvent(text: string): EngineEvent | undefined {
  return text.startsWith('{"sequence":') ? (JSON.parse(text) as EngineEvent) : undefined;
}
