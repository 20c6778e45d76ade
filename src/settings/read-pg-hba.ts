import { messageOf } from "../core/errors.ts";
import { admits, endsInReject, parsePgHba } from "../core/pg-hba.ts";
import type { HbaRule } from "../core/pg-hba.ts";
import { fillPlaceholders } from "../core/sql-placeholders.ts";
import type { Problem } from "./problem.ts";
import type { TextSource } from "./settings-source.ts";

/** Who connects to what: every login must be let in by some record. */
export interface HbaNames {
  readonly database: string;
  /** Role names by their placeholder. */
  readonly roles: Readonly<Record<string, string>>;
  /** The roles that log in. */
  readonly logins: readonly string[];
}

/** The records of config/pg_hba.conf with their placeholders filled, and what is wrong with them. */
export function readPgHba(
  { file, text }: TextSource,
  { database, roles, logins }: HbaNames,
): { rules: HbaRule[]; problems: Problem[] } {
  const { rules, problems } = parsePgHba(text);
  const values = { ...roles, database };
  const filled = rules.flatMap((rule) => {
    const fill = (field: string): string =>
      fillPlaceholders({ text: field, file, line: rule.line }, values).text;
    try {
      return [{ ...rule, database: fill(rule.database), user: fill(rule.user) }];
    } catch (error) {
      problems.push({ line: rule.line, rule: messageOf(error) });
      return [];
    }
  });
  const shutOut = logins.filter((login) => !admits(filled, login, database));
  const whole = [
    ...shutOut.map((login) => `has no record that lets ${login} into ${database}: add one`),
    ...(endsInReject(filled) ? [] : ["must end with `host all all all reject`, which covers IPv6"]),
  ];
  return {
    rules: filled,
    problems: [...problems, ...whole.map((rule) => ({ rule }))].map((problem) => ({
      file,
      ...problem,
    })),
  };
}
