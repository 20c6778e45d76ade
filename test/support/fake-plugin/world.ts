import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Properties } from "../../../src/protocol/values.ts";

/** An object that the fake plugin made: a file, so that it outlives every process. */
export interface WorldObject {
  readonly id: string;
  readonly urn: string;
  readonly inputs: Properties;
}

/** What the fake plugin manages, in the project's folder. */
export class World {
  readonly #root: string;
  readonly #objects: string;
  readonly #calls: string;

  constructor(root: string) {
    this.#root = root;
    this.#objects = join(root, "world");
    this.#calls = join(root, "calls.jsonl");
    mkdirSync(this.#objects, { recursive: true });
  }

  get objects(): WorldObject[] {
    return readdirSync(this.#objects)
      .sort()
      .map((name) => JSON.parse(readFileSync(join(this.#objects, name), "utf8")) as WorldObject);
  }

  put(object: WorldObject): void {
    writeFileSync(this.#fileOf(object.id), JSON.stringify(object));
  }

  find(id: string): WorldObject | undefined {
    return this.objects.find((object) => object.id === id);
  }

  remove(id: string): void {
    rmSync(this.#fileOf(id), { force: true });
  }

  /** Counts each name for itself: one program has the same ids on every engine. */
  newId(name: string): string {
    const file = join(this.#root, "ids");
    appendFileSync(file, `${name}\n`);
    return `${name}-${this.idsGiven.get(name) ?? 0}`;
  }

  /** Whether operations wait before they end. */
  get isHeld(): boolean {
    return existsSync(this.#hold);
  }

  hold(): void {
    writeFileSync(this.#hold, "");
  }

  release(): void {
    rmSync(this.#hold);
  }

  get #hold(): string {
    return join(this.#root, "hold");
  }

  /** How often each name got an id, which is how often it was created. */
  get idsGiven(): ReadonlyMap<string, number> {
    const names = this.#readIds();
    return new Map(names.map((name) => [name, names.filter((it) => it === name).length]));
  }

  #readIds(): string[] {
    const file = join(this.#root, "ids");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  }

  note(call: string, name: string, payload: unknown = null): void {
    appendFileSync(this.#calls, `${JSON.stringify([call, name, payload])}\n`);
  }

  /** The calls so far, which are then forgotten. */
  takeCalls(): [call: string, name: string, payload: unknown][] {
    let text: string;
    try {
      text = readFileSync(this.#calls, "utf8");
    } catch {
      return [];
    }
    rmSync(this.#calls);
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as [string, string, unknown]);
  }

  #fileOf(id: string): string {
    return join(this.#objects, `${id}.json`);
  }
}
