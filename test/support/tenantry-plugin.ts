import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_ROLES } from "../../src/core/roles.ts";
import { secret } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { scratchDirectory } from "./cluster.ts";
import type { TestCluster } from "./cluster.ts";
import { SQL_DIRECTORY } from "./platform.ts";
import type { TestPlatform } from "./platform.ts";
import { PluginProcess } from "./plugin-process.ts";
import type { Difference } from "./plugin-process.ts";

const EXECUTABLE = fileURLToPath(
  new URL("../../src/provider/pulumi-resource-tenantry", import.meta.url),
);

/** A project's root with nothing in it but sql/. */
export function projectDirectory(parent = scratchDirectory("project")): string {
  const root = join(parent, "project");
  mkdirSync(root);
  chmodSync(root, 0o755);
  symlinkSync(SQL_DIRECTORY, join(root, "sql"));
  return root;
}

/** The tenantry plugin in a project's root, configured, with an engine that does no more than answer. */
export class TenantryPlugin {
  readonly process: PluginProcess;
  readonly engine: Server;

  private constructor(process: PluginProcess, engine: Server) {
    this.process = process;
    this.engine = engine;
  }

  static async start(
    root: string,
    configuration: Properties,
    env: NodeJS.ProcessEnv = {},
  ): Promise<TenantryPlugin> {
    const engine = createServer((socket) => socket.on("error", () => undefined));
    engine.listen(0, "127.0.0.1");
    await once(engine, "listening");
    const { port } = engine.address() as { port: number };
    const plugin = await PluginProcess.start(EXECUTABLE, [`127.0.0.1:${port}`], env, root);
    await plugin.configure({
      host: "127.0.0.1",
      user: "postgres",
      password: secret("none"),
      database: "nostromo",
      stack: "tenantry/test",
      roles: { ...DEFAULT_ROLES },
      partitionKey: "tenant_id",
      archives: ".tenantry/test/archives",
      disposable: false,
      ...configuration,
    });
    return new TenantryPlugin(plugin, engine);
  }

  /** One that works on a prepared platform. */
  static on(
    { port, password }: TestCluster,
    { database, ctx, roles }: TestPlatform,
    more: Properties = {},
    root = projectDirectory(),
  ): Promise<TenantryPlugin> {
    const place = { port, password: secret(password), database, stack: ctx.stack };
    return TenantryPlugin.start(root, { ...place, roles: { ...roles }, ...more });
  }

  /** A resource that is not there yet, or as an earlier run left it. */
  resource(type: string, name = "it", state?: ResourceState): TestResource {
    return new TestResource(this.process, `tenantry:index:${type}`, name, state);
  }

  async stop(): Promise<void> {
    this.engine.close();
    await this.process.stop();
  }
}

export interface ResourceState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** One resource as an engine treats it, its state kept here. */
export class TestResource {
  readonly #plugin: PluginProcess;
  readonly #urn: string;
  state: ResourceState | undefined;

  constructor(plugin: PluginProcess, type: string, name: string, state?: ResourceState) {
    this.#plugin = plugin;
    this.#urn = `urn:pulumi:test::tenantry::${type}::${name}`;
    this.state = state;
  }

  get outputs(): Properties {
    return this.#existing.outputs;
  }

  /** The reasons of the failures, each with its property. */
  async check(news: Properties): Promise<string[]> {
    const { failures } = await this.#plugin.check(this.#urn, news, this.state?.inputs);
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  async diff(news: Properties): Promise<Difference> {
    const { id, inputs, outputs } = this.#existing;
    return this.#plugin.diff(this.#urn, id, { oldInputs: inputs, olds: outputs, news });
  }

  /** What a preview would show as outputs. */
  async preview(news: Properties): Promise<Properties> {
    if (this.state === undefined) return (await this.#plugin.create(this.#urn, news, true)).outputs;
    const { id, inputs, outputs } = this.state;
    const states = { oldInputs: inputs, olds: outputs, news, preview: true };
    return this.#plugin.update(this.#urn, id, states);
  }

  /** Creates or updates, whether or not there is a difference. */
  async apply(news: Properties): Promise<Properties> {
    if (this.state === undefined) {
      const { id, outputs } = await this.#plugin.create(this.#urn, news);
      this.state = { id, inputs: news, outputs };
    } else {
      const { id, inputs, outputs: olds } = this.state;
      const states = { oldInputs: inputs, olds, news };
      this.state = { id, inputs: news, outputs: await this.#plugin.update(this.#urn, id, states) };
    }
    return this.state.outputs;
  }

  /** Takes over what the plugin reads, as a refresh does. */
  async refresh(): Promise<ResourceState | undefined> {
    const found = await this.#plugin.read(this.#urn, this.#existing.id, this.#existing);
    this.state = found.id === "" ? undefined : found;
    return this.state;
  }

  async remove(): Promise<void> {
    const { id, inputs, outputs } = this.#existing;
    await this.#plugin.delete(this.#urn, id, { oldInputs: inputs, olds: outputs });
    this.state = undefined;
  }

  get #existing(): ResourceState {
    if (this.state === undefined) throw new Error(`${this.#urn} is not there`);
    return this.state;
  }
}
