import { error, show } from "./entry.ts";
import type { NoParameters } from "./entry.ts";

/** 3xx: the engine and its state. */
export const ENGINE_ERRORS = {
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
} as const;
