import type { Value } from "../../protocol/values.ts";

/** One property of a resource type, as the official plugin's schema describes it. */
export interface Property {
  /** A set is a list whose order means nothing: it is kept sorted in the state. */
  readonly kind: "text" | "integer" | "flag" | "list" | "set";
  readonly required?: true;
  /** What it is when nothing is said. Check writes it into the inputs, unless it is `false`. */
  readonly default?: Value;
  /** PostgreSQL decides when nothing is said. */
  readonly computed?: true;
  /** A change needs a new resource. */
  readonly replaces?: true;
  readonly secret?: true;
  readonly minimum?: number;
  /** What a text must look like. */
  readonly form?: RegExp;
  /** The only values there are. */
  readonly allowed?: readonly string[];
  /** The stand-in leaves it at its default, and refuses anything else. */
  readonly fixed?: true;
  /** Its name in the official plugin's own state, where that is not the snake_case of ours. */
  readonly originalName?: string;
}

export type PropertyTable = Readonly<Record<string, Property>>;

export const isCollection = ({ kind }: Property): boolean => kind === "list" || kind === "set";
