import type pg from "pg";
import type { TestCluster } from "../../support/cluster.ts";
import { postgresqlUrn } from "../../support/postgresql-plugin.ts";
import type { PostgresqlPlugin } from "../../support/postgresql-plugin.ts";
import type { TestResource } from "../../support/tenantry-plugin.ts";
import { Notes } from "./notes.ts";
import type { Note } from "./notes.ts";
import { CLUSTER_CATALOG, DATABASE_CATALOG, HOME, SCENE } from "./stories/scene.ts";
import type { Step, Story } from "./stories/story.ts";

const NAME = "it";

/** A cluster with the scene in which the stories play, and a plugin at work on it. */
export class Stage {
  readonly #cluster: TestCluster;
  readonly #plugin: PostgresqlPlugin;
  /** The sessions that no story is in the way of. */
  readonly #sessions = new Map<string, pg.Client>();
  /** What failed, with the message. */
  readonly failures: { readonly step: Step; readonly message: string }[] = [];

  private constructor(cluster: TestCluster, plugin: PostgresqlPlugin) {
    this.#cluster = cluster;
    this.#plugin = plugin;
  }

  static async set(cluster: TestCluster, plugin: PostgresqlPlugin): Promise<Stage> {
    const stage = new Stage(cluster, plugin);
    for (const { sql, database } of SCENE) await stage.#run(sql, database);
    return stage;
  }

  /** Plays a story and notes every answer on the way, and the catalog after each step. */
  async tell({ type, steps }: Pick<Story, "type" | "steps">): Promise<readonly Note[]> {
    const object = this.#plugin.object(type, NAME);
    const notes = new Notes(await this.#catalog());
    for (const step of steps) await this.#step(type, object, step, notes);
    if (object.state) await this.#step(type, object, { remove: true }, notes);
    return notes.told;
  }

  async #step(type: string, object: TestResource, step: Step, notes: Notes): Promise<void> {
    const since = notes.told.length;
    try {
      await this.#play(type, object, step, notes);
    } catch (error) {
      if ("behind" in step) throw error;
      this.failures.push({ step, message: (error as Error).message });
      notes.failed(since);
    }
    notes.catalog(await this.#catalog());
  }

  async #play(type: string, object: TestResource, step: Step, notes: Notes): Promise<void> {
    if ("behind" in step) await this.#run(step.behind, step.database);
    else if ("remove" in step) await object.remove();
    else if ("drift" in step) {
      const { inputs = {} } = object.state ?? {};
      await this.#run(step.drift, step.database);
      notes.state("refreshed", await object.refresh());
      if (object.state) notes.difference(await object.diff(inputs));
    } else await this.#declare(type, object, step, notes);
  }

  async #declare(
    type: string,
    object: TestResource,
    step: Extract<Step, { declare: unknown } | { preview: unknown }>,
    notes: Notes,
  ): Promise<void> {
    const news = "preview" in step ? step.preview : step.declare;
    const urn = postgresqlUrn(type, NAME);
    const { inputs, failures } = await this.#plugin.process.check(urn, news, object.state?.inputs);
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    notes.checked(inputs);
    const difference = object.state && (await object.diff(inputs));
    if (difference) notes.difference(difference);
    const isReplaced = difference !== undefined && difference.replaces.length > 0;
    const next = isReplaced ? this.#plugin.object(type, NAME) : object;
    notes.planned(await next.preview(inputs));
    if ("preview" in step) return;
    if (isReplaced && difference.deleteBeforeReplace) await object.remove();
    await next.apply(inputs);
    if (isReplaced && !difference.deleteBeforeReplace) await object.remove();
    object.state = next.state;
    notes.state("applied", object.state);
    notes.difference(await object.diff(inputs));
    notes.state("refreshed", await object.refresh());
    if (object.state) notes.difference(await object.diff(inputs));
  }

  async #run(sql: string, database = this.#cluster.database): Promise<void> {
    const client = await this.#session(database);
    // One by one, since some may not run in a transaction; no literal of a story has a semicolon.
    for (const statement of sql.split(";")) await client.query(statement);
    if (!this.#sessions.has(database)) await client.end();
  }

  async #catalog(): Promise<string[]> {
    const rows: string[] = [];
    const add = async (text: string, database: string): Promise<void> => {
      const client = await this.#session(database);
      const found = await client.query<[string, unknown]>({ text, rowMode: "array" });
      for (const [kind, row] of found.rows)
        rows.push(`${kind} ${JSON.stringify(row)} in ${database}`);
    };
    await add(`${CLUSTER_CATALOG} union all ${DATABASE_CATALOG}`, this.#cluster.database);
    await add(DATABASE_CATALOG, HOME);
    return rows.sort();
  }

  /** A session that stays, unless in a database that a story is about: that one must be free to be renamed. */
  async #session(database: string): Promise<pg.Client> {
    const known = this.#sessions.get(database);
    if (known) return known;
    const client = await this.#cluster.connect({ database });
    if ([HOME, this.#cluster.database].includes(database)) this.#sessions.set(database, client);
    return client;
  }
}
