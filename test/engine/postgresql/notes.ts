import { isDeepStrictEqual } from "node:util";
import { UNKNOWN, isObject, isSecret } from "../../../src/protocol/values.ts";
import type { Properties } from "../../../src/protocol/values.ts";
import type { Difference } from "../../support/plugin-process.ts";
import type { ResourceState } from "../../support/tenantry-plugin.ts";

/** What was asked, and what came of it. */
export type Note = readonly [string, unknown];

/** Notes of a story: of inputs, outputs and catalogs, what is not as it was last. */
export class Notes {
  readonly told: Note[] = [];
  #id = "";
  #inputs: Properties = {};
  #outputs: Properties = {};
  #catalog: readonly string[];

  /** @param catalog its rows before the story */
  constructor(catalog: readonly string[]) {
    this.#catalog = catalog;
  }

  checked(inputs: Properties): void {
    this.#add("checked", changes(this.#inputs, inputs));
    this.#inputs = inputs;
  }

  planned(outputs: Properties): void {
    this.#add("planned", changes(this.#outputs, outputs));
  }

  state(what: "applied" | "refreshed", state: ResourceState | undefined): void {
    const { id, inputs, outputs } = state ?? { id: "", inputs: {}, outputs: {} };
    const told = {
      ...(id !== this.#id && { id }),
      ...changes(this.#inputs, inputs, "inputs."),
      ...changes(this.#outputs, outputs),
    };
    this.#add(what, state === undefined ? "gone" : told);
    this.#id = id;
    this.#inputs = inputs;
    this.#outputs = outputs;
  }

  difference({ changes: found, ...difference }: Difference): void {
    const told = Object.entries(difference).filter(([, value]) =>
      typeof value === "boolean" ? value : Object.keys(value).length > 0,
    );
    const sorted = told.map(
      ([key, value]) =>
        [key, Array.isArray(value) ? [...(value as string[])].sort() : value] as const,
    );
    this.#add("difference", found === "none" ? found : Object.fromEntries(sorted));
  }

  /** A step failed: what it told up to then counts for nothing. */
  failed(since: number): void {
    this.told.splice(since, this.told.length, ["failed", true]);
  }

  catalog(rows: readonly string[]): void {
    const without = (some: readonly string[], others: readonly string[], sign: string): string[] =>
      some.filter((row) => !others.includes(row)).map((row) => sign + row);
    const told = [...without(this.#catalog, rows, "- "), ...without(rows, this.#catalog, "+ ")];
    if (told.length > 0) this.#add("catalog", told);
    this.#catalog = rows;
  }

  #add(what: string, value: unknown): void {
    this.told.push([what, readable(value)]);
  }
}

/** A value with secrets and what is not known in short. */
function readable(value: unknown): unknown {
  if (value === UNKNOWN) return "<unknown>";
  if (isSecret(value)) return { secret: readable(value.value) };
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

/** The properties that are new or other than before, those of objects by path, and those that are gone. */
function changes(before: Properties, now: Properties, prefix = ""): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(now)) {
    const old = before[key];
    if (isDeepStrictEqual(old, value)) continue;
    if (isObject(value) && isObject(old) && !isSecret(value))
      Object.assign(found, changes(old, value, `${prefix}${key}.`));
    else found[prefix + key] = value;
  }
  const gone = Object.keys(before).filter((key) => !(key in now));
  return gone.length > 0 ? { ...found, [`${prefix}-`]: gone.sort() } : found;
}
