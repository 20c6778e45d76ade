import type { z } from "zod";
import { brokenRules } from "./broken-rules.ts";
import { SECRET_KEYS } from "./definition.ts";
import { findSecrets } from "./find-secrets.ts";
import type { Problem } from "./problem.ts";
import { settingPath } from "./setting-path.ts";
import type { YamlSource } from "./settings-source.ts";

const SECRET_RULE = `is a secret: only ${SECRET_KEYS.slice(0, -1).join(", ")} and ${SECRET_KEYS.at(-1)} may be one, since Pulumi makes the whole key secret and programs read it in clear`;

/** A mistake at a path of a source. */
export function problemAt(
  { file, lineOf, prefix = "" }: YamlSource,
  path: readonly PropertyKey[],
  problem: Pick<Problem, "rule" | "value">,
): Problem {
  return { file, line: lineOf?.(path), path: prefix + settingPath(path), ...problem };
}

/**
 * Reads a source by its definition. What comes back lacks the top-level entries in which something is wrong, so
 * that the rest can still be checked for what only shows in context and every mistake is reported at once.
 */
export function soundPart<S extends z.ZodType>(
  schema: S,
  source: YamlSource,
): { value: z.output<S>; problems: Problem[] } {
  const { value } = source;
  const secrets = findSecrets(value)
    .filter(([key]) => !SECRET_KEYS.includes(String(key)))
    .map((path) => ({ path, rule: SECRET_RULE }));
  const isSecret = (path: readonly PropertyKey[]) => secrets.some((one) => one.path[0] === path[0]);
  const rules = brokenRules(schema, value).filter(({ path }) => !isSecret(path));
  const broken = [...secrets, ...rules];
  const isSound = (key: PropertyKey) => broken.every(({ path }) => path[0] !== key);
  const sound = Array.isArray(value)
    ? value.filter((_, index) => isSound(index))
    : Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => isSound(key)));
  return {
    value: schema.parse(sound),
    problems: broken.map(({ path, ...rest }) => problemAt(source, path, rest)),
  };
}
