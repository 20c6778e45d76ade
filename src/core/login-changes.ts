import { currentLogin } from "./rotation.ts";
import type { Rotation } from "./rotation.ts";

/** How a role logs in, as it is kept and told: without any secret. */
export interface LoginRecord extends Rotation {
  readonly role: string;
  /** The login that applications shall use. */
  readonly login: string;
}

/** What became of a role's logins. */
export interface LoginChange {
  readonly action: "login.created" | "login.recorded" | "login.rotated" | "login.confirmed";
  /** Null when nothing was known of the role. */
  readonly before: LoginRecord | null;
  readonly after: LoginRecord;
}

/**
 * How the logins differ from what was written down of them. A role that nothing is known of was made, unless all are
 * unknown in a database that is not new: it is older than these records, and what happened before is not known.
 *
 * @param known what was written down last, by role
 * @param declared the roles that log in
 * @param isNew whether the database is
 */
export function loginChanges(
  known: ReadonlyMap<string, LoginRecord>,
  declared: Readonly<Record<string, Rotation>>,
  isNew: boolean,
): LoginChange[] {
  return Object.entries(declared).flatMap(([role, rotation]): LoginChange[] => {
    const before = known.get(role) ?? null;
    const after = { role, login: currentLogin(role, rotation).name, ...rotation };
    if (before === null)
      return [
        { action: isNew || known.size > 0 ? "login.created" : "login.recorded", before, after },
      ];
    const action = actionOf(before, after);
    return action === undefined ? [] : [{ action, before, after }];
  });
}

function actionOf(before: LoginRecord, after: LoginRecord): LoginChange["action"] | undefined {
  // No password goes back: these are the records of a copied database, which came from another server.
  if (after.generation < before.generation) return "login.recorded";
  if (after.generation > before.generation || after.overlap !== before.overlap)
    return "login.rotated";
  return after.confirmed === before.confirmed ? undefined : "login.confirmed";
}
