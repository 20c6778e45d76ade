import { z } from "zod";
import { suggest } from "../core/suggest.ts";
import { SECRET_KEYS } from "./definition.ts";

/** A rule that a value breaks, in the words of definition.ts. */
export interface BrokenRule {
  readonly path: readonly PropertyKey[];
  readonly rule: string;
  /** What was written; none for a secret, nor for an unknown key, which may be one. */
  readonly value?: unknown;
}

type Issue = z.core.$ZodIssue;

/** Which form of a union was meant: the first whose own type fits, and so complains of something deeper. */
function meant(errors: readonly Issue[][]): Issue[] | undefined {
  const wrongType = ({ code, path }: Issue): boolean =>
    code === "invalid_type" && path.length === 0;
  return errors.find((issues) => !issues.some(wrongType));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (inside as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
}

/** The keys a mapping may have there, for a suggestion; none when the definition has no mapping there. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const [key, ...rest] = path;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option: z.core.$ZodType) => keysAt(option, path));
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (key === undefined) return Object.keys(schema.shape);
  const inner = (schema.shape as Record<PropertyKey, z.core.$ZodType>)[key];
  return inner === undefined ? [] : keysAt(inner, rest);
}

function unknownKey(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  key: string,
): BrokenRule {
  const known = keysAt(schema, path);
  const meantKey = suggest(key, known);
  const advice =
    meantKey === undefined ? `known are ${known.join(", ")}` : `did you mean ${meantKey}?`;
  return { path: [...path, key], rule: `is not a known key: ${advice}` };
}

function broken(
  schema: z.core.$ZodType,
  input: unknown,
  issue: Issue,
  base: readonly PropertyKey[],
): BrokenRule[] {
  const path = [...base, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(schema, path, key));
  if (issue.code === "invalid_union") {
    const inner = meant(issue.errors);
    if (inner !== undefined) return inner.flatMap((one) => broken(schema, input, one, path));
  }
  if (issue.code === "invalid_key")
    return issue.issues.map(({ message }) => ({ path, rule: message }));
  const { message: rule } = issue;
  return [
    SECRET_KEYS.includes(String(path[0]))
      ? { path, rule }
      : { path, rule, value: valueAt(input, path) },
  ];
}

/** Every rule of the schema that a value breaks. */
export function brokenRules(schema: z.ZodType, input: unknown): BrokenRule[] {
  const { error } = schema.safeParse(input);
  return (error?.issues ?? []).flatMap((issue) => broken(schema, input, issue, []));
}
