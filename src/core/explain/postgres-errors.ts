/** An error of PostgreSQL, or of the way to it, as people on duty meet it. */
export interface PostgresError {
  readonly title: string;
  /** PostgreSQL's words, for texts without a code. */
  readonly says: RegExp;
  /** What it means here. */
  readonly meaning: string;
  /** What to run next. */
  readonly next: readonly string[];
}

const entry = (
  title: string,
  says: RegExp,
  meaning: string,
  ...next: readonly string[]
): PostgresError => ({ title, says, meaning, next });

/**
 * By SQLSTATE (appendix A of PostgreSQL's manual), and by the system's code where no server answered. In the order in
 * which a text is searched: what is more exact comes first.
 */
export const POSTGRES_ERRORS = {
  "3F000": entry(
    "Schema not found",
    /schema ".*" does not exist/i,
    "The name is mistyped, or the tenant was renamed, removed, or not yet made. A search_path that names a missing schema gives no error: its tables are then missing instead.",
    "npx tenantry list",
  ),
  "3D000": entry(
    "Database not found",
    /database ".*" does not exist/i,
    "The application's DB_NAME is not the stack's database, or the stack was never brought up on this server.",
    "npx tenantry env",
    "npx tenantry preview",
  ),
  "53300": entry(
    "Too many connections",
    /too many clients|too many connections|remaining connection slots/i,
    "Every connection that applications may have is taken, mostly by idle ones of a pool that is too large, or by transactions that were left open. The administrator still gets in.",
    "npx tenantry connections",
    "npx tenantry connections --end-idle 10m --dry-run",
  ),
  "53100": entry(
    "Disk full",
    /no space left on device|could not extend file/i,
    "Nothing can be written until there is room. Reads go on. VACUUM FULL makes it worse: it needs room first.",
    "npx tenantry list",
    "npx tenantry archives",
  ),
  "53200": entry(
    "Out of memory",
    /out of memory|out of shared memory/i,
    "A query took more memory than there is, or a transaction locked more tables than max_locks_per_transaction allows. It was undone.",
    "npx tenantry doctor",
  ),
  "42501": entry(
    "Permission denied",
    /permission denied|must be owner of/i,
    "The role lacks a right. For a tenant's schema: the tenant is suspended or retired, or it is strict and the code runs outside of its scope. Rights come with the tenant; a GRANT by hand is drift.",
    "npx tenantry doctor",
  ),
  "42P01": entry(
    "Table not found",
    /relation ".*" does not exist/i,
    "Without a schema before its name: no tenant's schema is on the search_path. With one: the tenant's migrations have not made the table, or the schema's name is mistyped.",
    "npx tenantry migrate status",
  ),
  "42703": entry(
    "Column not found",
    /column .* does not exist/i,
    "The application is newer than the tenant's migrations, or older than one that dropped the column.",
    "npx tenantry migrate status",
  ),
  "42883": entry(
    "Function not found",
    /(?:function|operator) .* does not exist/i,
    "Its schema is not on the search_path (extensions live in schema extensions), or the argument's type differs.",
    "npx tenantry migrate status",
  ),
  "55P03": entry(
    "A lock that was not to be had",
    /lock timeout|could not obtain lock/i,
    "Somebody holds the table, and the statement gave up rather than queue. Mostly it is a transaction that was left open.",
    "npx tenantry connections",
  ),
  "40P01": entry(
    "Deadlock",
    /deadlock detected/i,
    "Two transactions waited for each other, and one was undone. Running it again is right; taking locks in the same order everywhere prevents it.",
  ),
  "40001": entry(
    "Serialization failure",
    /could not serialize access/i,
    "Another transaction changed the same rows. This one was undone; run it again.",
  ),
  "57014": entry(
    "Statement cancelled",
    /statement timeout|canceling statement/i,
    "It took longer than statement_timeout allows, or somebody cancelled it. A table that was not vacuumed and analyzed makes queries slow.",
    "npx tenantry analyze --all",
  ),
  "25P02": entry(
    "A transaction that failed before",
    /current transaction is aborted/i,
    "An earlier statement of the transaction failed; that one's error counts. Everything until the ROLLBACK is refused.",
  ),
  "25P03": entry(
    "An idle transaction was ended",
    /idle-in-transaction timeout/i,
    "The session left a transaction open for longer than idle_in_transaction_session_timeout. It was undone: find the code that does not commit.",
    "npx tenantry connections",
  ),
  "25006": entry(
    "A read-only transaction",
    /read-only transaction/i,
    "The server is a replica, or default_transaction_read_only is on.",
    "npx tenantry doctor",
  ),
  "57P05": entry(
    "An idle session was ended",
    /idle-session timeout/i,
    "The session was idle for longer than idle_session_timeout. A pool connects again.",
  ),
  "57P01": entry(
    "The session was ended",
    /terminating connection due to administrator command/i,
    "The server stops or starts again, or somebody ended the session (connections --end-idle, or a tenant that was retired).",
    "npx tenantry log --action sessions.ended",
  ),
  "57P02": entry(
    "The server crashed",
    /terminating connection because of crash/i,
    "Another server process died, and PostgreSQL starts all of them again. Committed data is there. The server's log names the cause.",
    "npx tenantry doctor",
  ),
  "57P03": entry(
    "The server is not ready",
    /the database system is (?:starting up|shutting down|in recovery)|not yet accepting connections/i,
    "It is starting, stopping, or replaying its log after a crash. Wait; a long replay is written in the server's log.",
  ),
  "28P01": entry(
    "Wrong password",
    /password authentication failed/i,
    "The password is not the role's: it was rotated, or belongs to another stack.",
    "npx tenantry env",
  ),
  "28000": entry(
    "Login refused",
    /no pg_hba.conf entry|is not permitted to log in|role ".*" does not exist/i,
    "No rule lets this role in from there (config/pg_hba.conf), encryption is missing, or the role may not log in.",
    "npx tenantry env",
  ),
  "23505": entry(
    "A value that is there already",
    /duplicate key value/i,
    "A unique index refused a second row of that value. The row was not written.",
  ),
  "23503": entry(
    "A foreign key",
    /violates foreign key constraint/i,
    "The row that is pointed at is not there, or others still point at the one that was to go.",
  ),
  "23502": entry(
    "A value that is missing",
    /violates not-null constraint/i,
    "A column that needs a value got none.",
  ),
  "23514": entry(
    "A value that a rule refuses, or a row without a partition",
    /violates check constraint|no partition of relation/i,
    "A check of the table refused the row; or a shared table has neither the tenant's partition nor a DEFAULT one.",
    "npx tenantry doctor",
  ),
  "22P02": entry(
    "A value of another type",
    /invalid input syntax/i,
    "A text does not read as a number, date or uuid. The application sent it.",
  ),
  "42601": entry(
    "Syntax error",
    /syntax error at/i,
    "PostgreSQL cannot read the statement. In a migration the message shows file, line and place.",
  ),
  XX001: entry(
    "Damaged data",
    /invalid page in block|data corrupted/i,
    "A page on the disk is not what was written. Stop writing, copy the data directory, and look at the disks before anything else.",
    "npx tenantry archives",
  ),
  XX002: entry(
    "A damaged index",
    /index .* (?:contains|is not a btree|corrupt)/i,
    "The table's rows are sound, mostly; building the index anew mends it. A new version of the system's collation does this, too.",
    "npx tenantry reindex --all --concurrently",
  ),
  ECONNREFUSED: entry(
    "No server there",
    /ECONNREFUSED|connection refused/i,
    "Nothing listens at that address: the server is stopped, or the port is another.",
    "npx tenantry up",
    "npx tenantry recover",
  ),
  ENOTFOUND: entry(
    "An unknown host",
    /ENOTFOUND|EAI_AGAIN|could not translate host name/i,
    "The host's name resolves to nothing from here. DB_HOST is mistyped, or the name service does not answer.",
    "npx tenantry env",
  ),
  ETIMEDOUT: entry(
    "No answer",
    /ETIMEDOUT|EHOSTUNREACH|timeout expired|Connection terminated due to connection timeout/i,
    "The host does not answer: a firewall, a wrong address, or a server without a free connection.",
    "npx tenantry connections",
  ),
  "08006": entry(
    "The connection broke",
    /ECONNRESET|EPIPE|connection terminated unexpectedly|server closed the connection/i,
    "The server stopped, or something between cut the connection. What was not committed was undone; of a COMMIT under way nobody knows until it is looked at.",
    "npx tenantry doctor",
  ),
} as const satisfies Record<string, PostgresError>;

/** The classes of SQLSTATE: its first two characters. */
export const SQLSTATE_CLASSES: Readonly<Record<string, string>> = {
  "08": "the connection",
  "0A": "something PostgreSQL does not support",
  "22": "a value that cannot be used",
  "23": "a constraint",
  "25": "the state of the transaction",
  "28": "the login",
  "3D": "a database that is not there",
  "3F": "a schema that is not there",
  "40": "a transaction that was undone and may be run again",
  "42": "a statement that is wrong, or a right that is missing",
  "53": "resources that are used up: disk, memory, connections",
  "54": "a limit of PostgreSQL",
  "55": "an object that is not in the state for it",
  "57": "an intervention: a cancel, a stop, a crash",
  "58": "the system below PostgreSQL",
  P0: "an exception that a function raised",
  XX: "PostgreSQL itself, or damaged data",
};
