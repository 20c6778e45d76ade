import { isPlainPassword } from "../core/scram.ts";
import type { CheckFailure } from "../protocol/resource-handler.ts";
import { isObject, UNKNOWN } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";

/** Says what is wrong with a value, each problem with the rest of its path; nothing when it is right. */
export type Rule = (value: Value | undefined) => readonly Problem[];

interface Problem {
  readonly path: string;
  readonly reason: string;
}

const shown = (value: Value | undefined): string =>
  value === undefined || value === null ? "nothing" : JSON.stringify(value);

/** A rule for one value. What a preview cannot know yet is right for every rule. */
const rule =
  (holds: (value: Value | undefined) => boolean, expected: string): Rule =>
  (value) =>
    value === UNKNOWN || holds(value)
      ? []
      : [{ path: "", reason: `has to be ${expected}; it is ${shown(value)}` }];

export const text: Rule = rule(
  (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
  "a text",
);

/** A text that no message may show. */
export const secretText: Rule = (value) =>
  text(value).map(({ path }) => ({ path, reason: "has to be a text; it is not shown here" }));

/** A password that PostgreSQL and every client take for the same bytes. */
export const plainPassword: Rule = (value) => {
  const problems = secretText(value);
  return problems.length > 0 || value === UNKNOWN || isPlainPassword(value as string)
    ? problems
    : [{ path: "", reason: "may hold printable ASCII characters only" }];
};

export const boolean: Rule = rule((value) => typeof value === "boolean", "true or false");

export const integer = (least: number, most: number): Rule =>
  rule(
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    `a whole number from ${least} to ${most}`,
  );

export const oneOf = (...allowed: readonly string[]): Rule =>
  rule((value) => allowed.includes(value as string), `one of ${allowed.join(", ")}`);

export const matching = (pattern: RegExp, expected: string): Rule =>
  rule((value) => typeof value === "string" && pattern.test(value), expected);

/** The value of a PostgreSQL setting, which may be empty. */
export const settingValue: Rule = matching(/^[^\0]*$/, "a text without NUL characters");

/** The value may be left out. */
export const optional =
  (one: Rule): Rule =>
  (value) =>
    value === undefined || value === null ? [] : one(value);

const under = (key: string, problems: readonly Problem[]): Problem[] =>
  problems.map(({ path, reason }) => ({ path: key + (path && `.${path}`), reason }));

export const listOf =
  (item: Rule): Rule =>
  (value) =>
    Array.isArray(value)
      ? value.flatMap((one: Value, index) => under(String(index), item(one)))
      : isList(value);

const isList = rule(() => false, "a list");
const isMap = rule(isObject, "a map");

export const mapOf =
  (item: Rule): Rule =>
  (value) =>
    isObject(value)
      ? Object.entries(value).flatMap(([key, one]) => under(key, item(one)))
      : isMap(value);

/** Each field by its rule; others are let through, so that a newer program can say more. */
export const object =
  (fields: Readonly<Record<string, Rule>>): Rule =>
  (value) =>
    isObject(value)
      ? Object.entries(fields).flatMap(([key, field]) => under(key, field(value[key])))
      : isMap(value);

/** Every problem of a resource's inputs, each reason complete in itself. */
export function problemsOf(
  properties: Properties,
  fields: Readonly<Record<string, Rule>>,
): CheckFailure[] {
  return object(fields)(properties).map(({ path, reason }) => ({
    property: path,
    reason: `${path} ${reason}.`,
  }));
}
