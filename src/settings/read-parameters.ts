import { parsePostgresqlConf } from "../core/postgresql-conf.ts";
import { parameterProblem } from "./owned-parameters.ts";
import type { Problem } from "./problem.ts";
import type { TextSource } from "./settings-source.ts";

/** The PostgreSQL settings of config/postgresql.conf, and what is wrong with them. */
export function readParameters({ file, text }: TextSource): {
  parameters: Record<string, string>;
  problems: Problem[];
} {
  const { settings, problems } = parsePostgresqlConf(text);
  const owned = settings.flatMap(({ name, value, line }) => {
    const rule = parameterProblem(name, value);
    return rule === undefined ? [] : [{ line, rule: `${name} ${rule}` }];
  });
  return {
    parameters: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
    problems: [...problems, ...owned].map((problem) => ({ file, ...problem })),
  };
}
