/** One record of pg_hba.conf. Names are as written, quotes included: in quotes `all` is a name, not a keyword. */
export interface HbaRule {
  readonly type: string;
  readonly database: string;
  readonly user: string;
  /** Network, host name or `all`; none for `local`. */
  readonly address?: string;
  readonly method: string;
  /** `name=value` pairs. */
  readonly options: readonly string[];
  /** Where it stands in the file, from 1. */
  readonly line: number;
}

/** A record that PostgreSQL, or tenantry, would not take. */
export interface HbaProblem {
  readonly line: number;
  readonly rule: string;
}

const TYPES = ["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"];
const METHODS = [
  ...[
    "scram-sha-256",
    "reject",
    "peer",
    "ident",
    "cert",
    "gss",
    "sspi",
    "ldap",
    "radius",
    "pam",
    "bsd",
  ],
];
/** Methods that let anybody in, or show the password to the network. */
const UNSAFE_METHODS = ["trust", "password", "md5"];
/** Words, with quoted parts and lists of words after commas. */
const FIELD = /(?:"[^"]*"|[^\s",#]|,\s*)+/g;
/** A comment, and what stands before it: a `#` in quotes begins none. */
const BEFORE_COMMENT = /^(?:"[^"]*"|[^"#])*/;
/** A network mask in a field of its own, after an address without a prefix length. */
const MASK = /^(?:\d+\.){3}\d+$|^[\da-f:]*:[\da-f:]*$/i;

function parseRecord(text: string, line: number): HbaRule | HbaProblem {
  const [type = "", database, user, ...rest] = BEFORE_COMMENT.exec(text)?.[0].match(FIELD) ?? [];
  if (!TYPES.includes(type))
    return {
      line,
      rule: `begins with ${JSON.stringify(type)}: a record begins with ${TYPES.join(", ")}`,
    };
  const address = type === "local" ? undefined : rest.shift();
  const mask = MASK.test(rest[0] ?? "") ? ` ${rest.shift() ?? ""}` : "";
  const [method, ...options] = rest;
  if (database === undefined || user === undefined || method === undefined)
    return {
      line,
      rule: `is too short: it needs type, database, user${type === "local" ? "" : ", address"} and method`,
    };
  if (UNSAFE_METHODS.includes(method))
    return { line, rule: `uses the method ${method}, which is not safe: use scram-sha-256` };
  if (!METHODS.includes(method))
    return {
      line,
      rule: `has the method ${JSON.stringify(method)}: allowed are ${METHODS.join(", ")}`,
    };
  const place = address === undefined ? {} : { address: address + mask };
  return { type, database, user, ...place, method, options, line };
}

/** Reads PostgreSQL's own syntax: one record a line, `#` comments, `\` at a line's end continues it. */
export function parsePgHba(text: string): { rules: HbaRule[]; problems: HbaProblem[] } {
  const rules: HbaRule[] = [];
  const problems: HbaProblem[] = [];
  let pending = "";
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    const joined = pending + lineText;
    pending = joined.endsWith("\\") ? joined.slice(0, -1) : "";
    if (pending !== "" || /^\s*(#|$)/.test(joined)) continue;
    const parsed = parseRecord(joined, index + 1);
    if ("rule" in parsed) problems.push(parsed);
    else rules.push(parsed);
  }
  return { rules, problems };
}

/** Writes records in PostgreSQL's syntax, one a line, in columns. */
export function renderPgHba(rules: readonly HbaRule[]): string[] {
  const rows = rules.map(({ type, database, user, address = "", method, options }) => [
    ...[type, database, user, address, [method, ...options].join(" ")],
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row.map((field, column) => field.padEnd(widths[column] ?? 0)).join("  "),
  );
}

/** Whether a field of a record names this database or role, or all of them. */
function names(field: string, name: string): boolean {
  return words(field).some((word) => word === "all" || unquoted(word) === name);
}

/** Whether a field of a record names this role as a group: `+name` stands for itself and its members. */
function namesGroup(field: string, role: string): boolean {
  return words(field).some((word) => word.startsWith("+") && unquoted(word.slice(1)) === role);
}

const words = (field: string): string[] => field.split(",").map((word) => word.trim());
const unquoted = (word: string): string => word.replace(/^"(.*)"$/, "$1");

/**
 * Whether some record lets this role into this database.
 *
 * @param group the role that it is a member of, for a member
 */
export function admits(
  rules: readonly HbaRule[],
  role: string,
  database: string,
  group = role,
): boolean {
  return rules.some(
    ({ method, user, database: databases }) =>
      method !== "reject" &&
      (names(user, role) || namesGroup(user, group)) &&
      names(databases, database),
  );
}

/** Whether the last record refuses everybody else, over IPv4 and IPv6. */
export function endsInReject(rules: readonly HbaRule[]): boolean {
  const last = rules.at(-1);
  return (
    last?.type === "host" &&
    [last.database, last.user, last.address, last.method].join(" ") === "all all all reject"
  );
}
