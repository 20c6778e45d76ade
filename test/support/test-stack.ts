import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { EngineEvent } from "../../src/core/engine-event.ts";
import { destroy, preview, refresh, up } from "../../src/engine/local-engine.ts";
import type { EngineOptions, Outcome } from "../../src/engine/local-engine.ts";
import type { StoredResource } from "../../src/engine/resource.ts";
import { World } from "./fake-plugin/world.ts";
import { inProcess } from "./test-program.ts";
import type { TestProgram } from "./test-program.ts";

const MODULES = join(import.meta.dirname, "..", "..", "node_modules");
const PLUGIN = join(import.meta.dirname, "fake-plugin");

/** Of the passphrase below: deriving a key takes long, and once in a process is enough. */
const SALT = "v1:kjc8hvR8sIk=:v1:dcwBt60t5CbvOT6o:XJ72Vji11dmdK7JDx70xAZ1dvSst+w==";

interface Latest {
  readonly resources?: readonly StoredResource[];
  readonly pending_operations?: readonly { type: string; resource: StoredResource }[];
}

type Extra = Partial<EngineOptions> & { readonly previewOnly?: boolean };

/** A stack of its own folder whose resources the fake plugin keeps. */
export class TestStack {
  readonly root: string;
  readonly backend: string;
  readonly world: World;
  /** Of the last operation. */
  events: EngineEvent[] = [];

  private constructor(root: string) {
    this.root = root;
    this.backend = join(root, "state");
    this.world = new World(root);
  }

  /** @param whenDone of the test's context, for one that runs beside others */
  static async create(whenDone: typeof onTestFinished = onTestFinished): Promise<TestStack> {
    const root = await mkdtemp(join(tmpdir(), "tenantry-engine-"));
    whenDone(() => rm(root, { recursive: true, force: true }));
    await writeFile(
      join(root, "Pulumi.yaml"),
      `name: proj\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\nplugins:\n  providers:\n    - name: fake\n      path: ${PLUGIN}\n`,
    );
    // A plugin starts twice as fast when it need not be compiled each time.
    process.env.NODE_COMPILE_CACHE ??= join(MODULES, ".cache", "node");
    // The plugin's first line says `env node`: it shall be this one.
    const path = process.env.PATH ?? "";
    if (!path.startsWith(dirname(process.execPath)))
      process.env.PATH = dirname(process.execPath) + delimiter + path;
    return new TestStack(root);
  }

  /** A copy of the whole: state, world, and what they are known by. */
  async copy(whenDone: typeof onTestFinished): Promise<TestStack> {
    const copy = await TestStack.create(whenDone);
    await cp(this.root, copy.root, { recursive: true });
    return copy;
  }

  get lockDirectory(): string {
    return join(this.backend, ".pulumi", "locks", "organization", "proj", "dev");
  }

  get stateFile(): string {
    return join(this.backend, ".pulumi", "stacks", "proj", "dev.json");
  }

  options(extra: Extra = {}): EngineOptions & Extra {
    this.events = [];
    return {
      root: this.root,
      stack: "dev",
      backend: this.backend,
      passphrase: "correct horse",
      encryptionSalt: SALT,
      config: {},
      onEvent: (event) => this.events.push(event),
      ...extra,
    };
  }

  async up(program: TestProgram, extra: Extra = {}): Promise<Outcome> {
    return await up(this.options(extra), inProcess(program));
  }

  async preview(program: TestProgram, extra: Extra = {}): Promise<Outcome> {
    return await preview(this.options(extra), inProcess(program));
  }

  async destroy(extra: Extra = {}): Promise<Outcome> {
    return await destroy(this.options(extra));
  }

  async refresh(extra: Extra = {}): Promise<Outcome> {
    return await refresh(this.options(extra));
  }

  /** What the checkpoint file holds. */
  async state(): Promise<Latest> {
    const document = JSON.parse(await readFile(this.stateFile, "utf8")) as {
      checkpoint: { latest: Latest };
    };
    return document.checkpoint.latest;
  }

  async resources(): Promise<readonly StoredResource[]> {
    return (await this.state()).resources ?? [];
  }

  /** The entries of a resource in the checkpoint, by the last part of its URN. */
  async find(name: string): Promise<StoredResource[]> {
    return (await this.resources()).filter(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** The plugin's calls since the last time that change something, as `create name`. */
  changes(): string[] {
    return this.world
      .takeCalls()
      .filter(([call]) => ["create", "update", "delete"].includes(call))
      .map(([call, name]) => `${call} ${name}`);
  }

  diagnostics(severity: string): string[] {
    return this.events
      .map(({ diagnosticEvent }) => diagnosticEvent)
      .filter((event) => event?.severity === severity)
      .map((event) => event?.message.trimEnd() ?? "");
  }
}
