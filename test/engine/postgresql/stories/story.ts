import type { Properties, Value } from "../../../../src/protocol/values.ts";

/** What happens next to the object of a story. */
export type Step =
  /** Checked, compared, previewed, applied (replaced where that is needed), compared and refreshed. */
  | { readonly declare: Properties }
  /** Checked and previewed only: for inputs that are not known yet. */
  | { readonly preview: Properties }
  /** Statements behind the back, then a refresh and a comparison. */
  | { readonly drift: string; readonly database?: string }
  /** Statements behind the back that nobody looks for. */
  | { readonly behind: string; readonly database?: string }
  /** Fails where something is in the way. */
  | { readonly remove: true };

/** One object from its first declaration on. What it leaves at the end is removed. */
export interface Story {
  /** A resource type such as `Role`. */
  readonly type: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** One property of a type: what it can be, and how somebody changes it from outside. */
export interface Variation {
  readonly property: string;
  readonly values: readonly Value[];
  readonly drifts?: readonly string[];
  /** Inputs that go with it, on top of those of the type. */
  readonly beside?: Properties;
}

/** What a type's objects have in common, and each of their properties. */
export interface Variations {
  readonly type: string;
  /** What sets it apart from other variations of the type. */
  readonly about?: string;
  readonly base: Properties;
  /** Where the drifts run. Default: the provider's database. */
  readonly database?: string;
  readonly variations: readonly Variation[];
}

/** A property's story: set, changed from outside and mended, set to each other value, left out, and set again. */
export function storyOf(
  { type, about, base, database }: Omit<Variations, "variations">,
  { property, values, drifts = [], beside = {} }: Variation,
): Story {
  const without = { ...base, ...beside };
  const [first] = values.map((value): Step => ({ declare: { ...without, [property]: value } }));
  const others = values.slice(1);
  const place = database === undefined ? {} : { database };
  return {
    type,
    title: `${[type, about].filter(Boolean).join(" ")}: ${property}`,
    steps: [
      ...(first ? [first] : []),
      ...drifts.flatMap((drift): Step[] => [{ drift, ...place }, ...(first ? [first] : [])]),
      ...others.map((value): Step => ({ declare: { ...without, [property]: value } })),
      ...(property in base ? [] : [{ declare: without }]),
      ...(first ? [first] : []),
    ],
  };
}

export const storiesOf = ({ variations, ...common }: Variations): Story[] =>
  variations.map((variation) => storyOf(common, variation));

/** A SCRAM verifier as PostgreSQL accepts it, the same at every time. */
export const verifier = (salt: string): string =>
  `SCRAM-SHA-256$4096:${Buffer.from(salt).toString("base64")}$${"A".repeat(43)}=:${"B".repeat(43)}=`;
