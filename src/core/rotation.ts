/** How the password of a role is changed, as the settings declare it. */
export interface Rotation {
  /** Each generation is another password. */
  readonly generation: number;
  /** Whether the password before it goes on to work, until the new one is confirmed to be in use. */
  readonly overlap: boolean;
  /** The newest generation that every application uses: what came before it is closed. */
  readonly confirmed?: number;
}

/** One of the logins behind a role. */
export interface Login {
  readonly name: string;
  /** Which of the role's two members; none for the role itself. */
  readonly member?: Member;
  /** Which generation's password it has; the role itself keeps its own while it has members. */
  readonly generation: number;
  /** Whether it may log in. */
  readonly open: boolean;
  /** Whether it is the one that applications shall use. */
  readonly current: boolean;
}

type Member = "a" | "b";

/** The member that generations take in turn, so that the one before keeps its password. */
const memberOf = (generation: number): Member => (generation % 2 === 1 ? "a" : "b");

/** The names that a role with overlap needs beside its own. */
export function memberNames(role: string): string[] {
  return [`${role}_a`, `${role}_b`];
}

/**
 * The logins behind a role. Without overlap it is the role itself. With it they are two members of the role, of
 * which the newest generation and, until that one is confirmed, the one before may log in. A role that had no overlap
 * so far has nothing confirmed yet: until it has, its own login stays open.
 */
export function loginsOf(role: string, rotation: Rotation): Login[] {
  const { generation, overlap, confirmed } = rotation;
  if (!overlap) return [{ name: role, generation, open: true, current: true }];
  const own = { name: role, generation, open: confirmed === undefined, current: false };
  const members = [generation - 1, generation]
    .filter((one) => one > 0)
    .map((one): Login => {
      const member = memberOf(one);
      const current = one === generation;
      const open = current || one === confirmed;
      return { name: `${role}_${member}`, member, generation: one, open, current };
    });
  return [own, ...members.sort((one, other) => (one.name < other.name ? -1 : 1))];
}

/** The login that applications shall use. */
export function currentLogin(role: string, rotation: Rotation): Login {
  const { generation, overlap } = rotation;
  const login = { generation, open: true, current: true };
  if (!overlap) return { ...login, name: role };
  const member = memberOf(generation);
  return { ...login, name: `${role}_${member}`, member };
}

/** Why `confirmed` cannot be declared like this, in words that follow its value; undefined when it can. */
export function confirmedProblem({ generation, overlap, confirmed }: Rotation): string | undefined {
  if (confirmed === undefined) return undefined;
  if (!overlap) return "is for a role with overlap: true: leave it out";
  if (confirmed > generation)
    return `cannot be above the generation, which is ${generation}: nobody can use a password that was not made`;
  if (confirmed < generation - 1)
    return `would leave more than two passwords in use at generation ${generation}: raise the generation by one at a time, and confirm each before the next`;
  return undefined;
}

/** Why a role cannot go from one declaration to the next; undefined when it can. */
export function rotationProblem(
  role: string,
  before: Rotation,
  after: Rotation,
): string | undefined {
  const { generation } = before;
  if (after.generation < generation)
    return `generation of ${role} cannot go back from ${generation} to ${after.generation}: old passwords do not come back. Raise it for a new one.`;
  if (!after.overlap)
    return before.overlap && after.generation === generation
      ? `overlap of ${role} ends with a new password for ${role} itself, at once: raise generation to ${generation + 1} in the same change.`
      : undefined;
  if (!before.overlap)
    return after.confirmed === undefined
      ? undefined
      : `confirmed of ${role} cannot be ${after.confirmed} when overlap begins: that would close ${role}, which its applications use. Leave confirmed out, run up, move them to the new login, and confirm then.`;
  return withOverlap(role, before, after);
}

function withOverlap(role: string, before: Rotation, after: Rotation): string | undefined {
  const { generation, confirmed = 0 } = before;
  if ((after.confirmed ?? 0) < confirmed)
    return `confirmed of ${role} cannot go back from ${confirmed} to ${after.confirmed ?? "none"}: what it closed stays closed. Applications that still use the old password need the new one: npx tenantry env.`;
  if (before.confirmed === undefined && (after.confirmed ?? generation) < generation)
    return `confirmed of ${role} cannot be ${after.confirmed} before ${generation} is: that would close ${role}, which its applications may still use. Declare confirmed: ${generation} once all of them use the new login.`;
  if (after.generation > generation + 1)
    return `generation of ${role} cannot go from ${generation} to ${after.generation} with overlap: that would close the password in use. Raise it by one at a time.`;
  if (after.generation > generation && after.confirmed === undefined)
    return `generation of ${role} cannot go from ${generation} to ${after.generation} while ${generation} is not confirmed: two passwords would become three. Declare confirmed: ${generation} once every application uses it.`;
  if ((after.confirmed ?? 0) > generation)
    return `confirmed of ${role} cannot be ${after.confirmed} before that generation was there: the password in use would close. Run up with generation ${after.generation} and confirmed: ${generation} first.`;
  return undefined;
}
