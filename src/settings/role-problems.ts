import { platformRoles } from "../core/roles.ts";
import { confirmedProblem, memberNames } from "../core/rotation.ts";
import { nameClashes } from "./name-clashes.ts";
import type { Problem } from "./problem.ts";
import { LOGIN_ROLES } from "./settings.ts";
import type { Settings } from "./settings.ts";
import type { YamlSource } from "./settings-source.ts";
import { problemAt } from "./sound-part.ts";

/** What is wrong with the roles as a whole: names that clash, and passwords that cannot be as they are declared. */
export function roleProblems(
  { roles, logins }: Pick<Settings, "roles" | "logins">,
  stackFile: YamlSource,
  rolesFile: YamlSource,
): Problem[] {
  const members = LOGIN_ROLES.flatMap((role) =>
    logins[role].overlap
      ? memberNames(roles[role]).map((name) => ({ name, place: `a login of ${roles[role]}` }))
      : [],
  );
  const names = platformRoles(roles).map(({ name }) => ({ name, place: "another role's name" }));
  const clashes = nameClashes([...names, ...members]).map(({ name, rule }) =>
    problemAt(stackFile, ["roles"], { value: name, rule }),
  );
  const rotations = LOGIN_ROLES.flatMap((role) => {
    const rule = confirmedProblem(logins[role]);
    if (rule === undefined) return [];
    const inStack = (stackFile.value as { roles?: Record<string, unknown> }).roles?.[role];
    const ofStack = typeof inStack === "object" && inStack !== null && "confirmed" in inStack;
    const problem = { value: logins[role].confirmed, rule };
    return [
      ofStack
        ? problemAt(stackFile, ["roles", role, "confirmed"], problem)
        : problemAt(rolesFile, [role, "confirmed"], problem),
    ];
  });
  return [...clashes, ...rotations];
}
