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
  readonly logins: readonly HbaLogin[];
}

/** A role that logs in, and the role that it is a member of, if it is one. */
export interface HbaLogin {
  readonly name: string;
  readonly group?: string;
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
  const shutOut = logins.filter(({ name, group }) => !admits(filled, name, database, group));
  const whole = [
    ...shutOut.map(({ name, group = name }) =>
      group === name
        ? `has no record that lets ${name} into ${database}: add one`
        : `has no record that lets ${name} into ${database}: add one for +${group}, which stands for the members of ${group}`,
    ),
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
