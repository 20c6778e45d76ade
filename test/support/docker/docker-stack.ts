import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import pg from "pg";
import { expect, onTestFinished } from "vitest";
import { freshClone } from "../../story/fresh-clone.ts";
import type { FreshClone, Ran } from "../../story/fresh-clone.ts";
import { officialPlugin } from "../postgresql-plugin.ts";
import { docker, imageLike } from "./docker.ts";
import { dockerTestImage } from "./docker-test-image.ts";

const plugin = officialPlugin("docker");
const found = await dockerTestImage();

/** Why a stack in a container cannot be tried here; undefined where it can. */
export const noDockerStack: string | undefined =
  "skip" in found
    ? found.skip
    : plugin === undefined
      ? "THE OFFICIAL DOCKER PLUGIN IS NOT ON $PATH"
      : undefined;

/** The directory of the official docker plugin, where others may be as well. */
export const pluginDirectory = plugin && dirname(plugin);

/** What every command printed that worked. */
export function done(ran: Ran): string {
  expect(ran.stderr + ran.stdout).not.toContain("failed");
  expect(ran.code, ran.stderr + ran.stdout).toBe(0);
  return ran.stdout;
}

/** A clone whose stack dev is in a container. */
export class DockerStack {
  /** Of the container; volume and network are named after it. Other runs on the machine have theirs. */
  readonly name: string;
  readonly #clone: FreshClone;
  readonly subnet: string;
  /** Directories of programs that commands find before all others. */
  readonly programs: string[] = [];
  readonly #made: string[] = [];
  #image: string;

  private constructor(clone: FreshClone, image: string, number: number) {
    this.#clone = clone;
    this.#image = image;
    this.name = `tenantry-${number}-${process.pid}`;
    this.subnet = `10.${210 + number}.${process.pid % 256}.0/24`;
  }

  /** @param number another one for each test file: files run at the same time */
  static async create(number: number): Promise<DockerStack> {
    const image = "image" in found ? await imageId(found.image) : `sha256:${"0".repeat(64)}`;
    const stack = new DockerStack(await freshClone(), image, number);
    if ("image" in found) onTestFinished(() => stack.#cleanUp());
    return stack;
  }

  /** Writes the stack file: more of `tenantry:server`, of all settings, and of `server.docker`. */
  declare(server: object = {}, more: object = {}, docker: object = {}): void {
    const { stackFile, port } = this.#clone;
    const container = { image: this.#image, name: this.name, subnet: this.subnet, ...docker };
    const config = {
      "tenantry:target": "docker",
      "tenantry:disposable": true,
      "tenantry:server": { port, capacity: { tenants: 16 }, docker: container, ...server },
      "tenantry:tenants": ["empresa_1", "empresa_2"],
      ...more,
    };
    writeFileSync(stackFile, JSON.stringify({ config }));
  }

  /** Makes another image, with the same content, and takes it from now on. */
  async changeImage(): Promise<void> {
    this.#image = await imageLike(this.#image, this.name);
    this.#made.push(this.#image);
  }

  /** Runs a command where no plugin is installed. */
  runWithoutPlugins(...args: string[]): Ran {
    return this.#clone.tenantry(...args);
  }

  run(...args: string[]): Ran {
    const { env, root } = this.#clone;
    const { DOCKER_HOST } = process.env;
    return this.#clone.run("node", [join("bin", "tenantry.js"), ...args], {
      PATH: [...this.programs, pluginDirectory ?? "", env.PATH].join(delimiter),
      PULUMI_HOME: join(root, ".tenantry", "pulumi-home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...(DOCKER_HOST !== undefined && { DOCKER_HOST }),
    });
  }

  up(): string {
    return done(this.run("up", "--yes", "--engine", "local"));
  }

  expectNoChanges(engine = "local"): void {
    done(this.run("preview", "--engine", engine, "--expect-no-changes"));
  }

  /** The clone. */
  get root(): string {
    return this.#clone.root;
  }

  get port(): number {
    return this.#clone.port;
  }

  get image(): string {
    return this.#image;
  }

  /** What the stack's own authority gives to clients. */
  get authorityCertificate(): string {
    return readFileSync(join(this.#clone.root, ".tenantry/dev/server/tls/ca.crt"), "utf8");
  }

  /** The application's login. */
  get application(): { user: string; password: string } {
    const variables = JSON.parse(done(this.run("env", "--json"))) as Record<string, string>;
    return { user: variables.DB_USER ?? "", password: variables.DB_PASSWORD ?? "" };
  }

  get password(): string {
    return readFileSync(this.#passwordFile, "utf8").trim();
  }

  changePassword(password: string): void {
    writeFileSync(this.#passwordFile, password);
  }

  get #passwordFile(): string {
    return join(this.#clone.root, ".tenantry/dev/admin-password");
  }

  get state(): string {
    const file = ".tenantry/state/.pulumi/stacks/tenantry/dev.json";
    return readFileSync(join(this.#clone.root, file), "utf8");
  }

  /** The administrator's login, in the stack's database. */
  get login(): pg.ClientConfig {
    const { port } = this.#clone;
    const { password } = this;
    return { host: "127.0.0.1", port, database: "nostromo", user: "postgres", password };
  }

  /** The first value that the administrator gets for a statement. */
  async ask(statement: string, password = this.password): Promise<unknown> {
    const client = new pg.Client({ ...this.login, password });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(statement);
      return Object.values(rows[0] ?? {})[0];
    } finally {
      await client.end();
    }
  }

  /** The id of the container that runs; empty when none does. */
  container(): Promise<string> {
    return docker("ps", "--quiet", "--filter", `name=${this.name}`);
  }

  /** Containers, volumes and networks of this stack that are there. */
  async remains(): Promise<string[]> {
    const filter = ["--filter", `name=${this.name}`];
    const lists = await Promise.all([
      docker("ps", "--all", "--quiet", ...filter),
      docker("volume", "ls", "--quiet", ...filter),
      docker("network", "ls", "--quiet", ...filter),
    ]);
    return lists.filter((list) => list !== "");
  }

  async #cleanUp(): Promise<void> {
    await docker("rm", "--force", this.name).catch(() => undefined);
    for (const image of this.#made) await docker("rmi", "--force", image);
    await docker("volume", "rm", `${this.name}-data`).catch(() => undefined);
    await docker("network", "rm", `${this.name}-network`).catch(() => undefined);
  }
}

const imageId = (image: string): Promise<string> =>
  docker("image", "inspect", "--format", "{{.Id}}", image);
