import { error, show } from "./entry.ts";

/** 87x to 89x: looking at a running fleet, and its maintenance. */
export const MONITOR_ERRORS = {
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
} as const;
