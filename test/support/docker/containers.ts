import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { containerLog, docker } from "./docker.ts";

/** How long a server in a container may take to initialise itself and start, on a busy machine. */
const START_SECONDS = 60;
/** SQLSTATE of a server that does not let anybody in yet. */
const STARTING_UP = "57P03";

/** The containers of one test file. */
export class Containers {
  readonly #label = `tenantry-test=${randomUUID()}`;

  /** Starts one from the arguments of `docker run` (options, image, command) and gives its id. */
  async start(...args: readonly string[]): Promise<string> {
    return docker("run", "--detach", "--label", this.#label, ...args);
  }

  /** Runs one to its end, whatever that is. */
  async run(...args: readonly string[]): Promise<{ status: number; output: string }> {
    const id = await this.start(...args);
    return { status: Number(await docker("wait", id)), output: await containerLog(id) };
  }

  /** Ends them all; their anonymous volumes go with them. */
  async removeAll(): Promise<void> {
    const ids = await docker("ps", "--all", "--quiet", "--filter", `label=${this.#label}`);
    if (ids !== "") await docker("rm", "--force", "--volumes", ...ids.split("\n"));
  }
}

/**
 * Logs in over the port 5432 that a container publishes, as soon as its server answers.
 *
 * @throws the server's refusal; after a minute without a server, or once the container has ended, its log
 */
export async function logIn(container: string, options: pg.ClientConfig): Promise<pg.Client> {
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const client = await tryLogIn(container, options);
    if (client !== undefined) return client;
    const running = await docker("inspect", "--format", "{{.State.Running}}", container);
    if (running !== "true" || Date.now() > deadline) throw new Error(await containerLog(container));
    await setTimeout(100);
  }
}

async function tryLogIn(
  container: string,
  options: pg.ClientConfig,
): Promise<pg.Client | undefined> {
  // A restart may publish another port.
  const [address = ""] = (await docker("port", container, "5432/tcp")).split("\n");
  const port = Number(address.slice(address.lastIndexOf(":") + 1));
  const client = new pg.Client({ host: "127.0.0.1", port, ...options });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code !== STARTING_UP) throw error;
    return undefined;
  }
}
