import { error, nameSome, show } from "./entry.ts";

/** 6xx: the command line. */
export const COMMAND_ERRORS = {
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
  "TNT-660": error<{ stack: string; findings: number; fixable: number }>({
    title: "The doctor found something",
    text: ({ stack, findings, fixable }) =>
      `The doctor has ${findings === 1 ? "1 finding" : `${findings} findings`} in stack ${show(stack)}.${fixable > 0 ? ` "npx tenantry doctor --fix --stack ${stack}" repairs ${fixable}.` : ""} What each means, and what mends it, is beside its code.`,
    remedy:
      "The database is not as declared. Each finding has a code, explained in [findings.md](findings.md); the runbook is [drift](runbooks/drift.md).",
  }),
} as const;
