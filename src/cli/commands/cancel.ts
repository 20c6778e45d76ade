import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { Command } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { readLocks } from "../../engine/lock.ts";
import { isAlive } from "../../system/is-alive.ts";
import type { FoundLock } from "../../engine/lock.ts";
import { hasJournal, lockDirectory } from "../../engine/state-store.ts";
import { loadStackFile, PROJECT } from "../../settings/stack-file.ts";
import { resolveBackend } from "../engine/backend.ts";
import { JSON_OUTPUT, STACK, YES } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { counted } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

/** Who made a lock, as far as its file says. */
const holderOf = ({ content }: FoundLock): string =>
  `${content.username ?? "somebody"}@${content.hostname ?? "an unknown host"} (pid ${content.pid ?? "unknown"}, since ${content.timestamp ?? "an unknown time"})`;

/** Whether the process that made a lock runs on this host; of another host nothing is known. */
const runsHere = ({ content: { pid, hostname: host } }: FoundLock): boolean =>
  host === hostname() && pid !== undefined && isAlive(pid);

export const cancelCommand = () =>
  new Command("cancel")
    .description("remove the lock that a run left behind when it died")
    .addOption(STACK)
    .addOption(YES)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, yes, json }) => {
      const terminal = new Terminal({ json });
      loadStackFile({ root: PROJECT_ROOT, stack });
      const { directory, url } = resolveBackend(process.env, PROJECT_ROOT);
      if (directory === undefined) throw new TenantryError("TNT-613", { backend: url });
      const place = { backend: directory, project: PROJECT, stack };
      const locks = await readLocks(lockDirectory(place));
      const holders = locks.filter(runsHere).map(holderOf);
      if (holders.length > 0) throw new TenantryError("TNT-611", { stack, holders });
      const owners = locks.map(holderOf).join(", ");
      const question = `Remove the lock of ${owners}? Be sure that it does not run on another host.`;
      if (locks.length > 0 && !yes && terminal.interactive && !(await terminal.ask(question)))
        return;
      for (const { file } of locks) await rm(file, { force: true });
      const journal = hasJournal(place);
      if (json) terminal.printJson({ removed: locks.map(holderOf), journal });
      terminal.print([
        line(`  ${counted(locks.length, "lock")} removed`),
        ...(journal
          ? [line(`  before the Pulumi CLI: npx tenantry engine fold --stack ${stack}`, "warning")]
          : []),
      ]);
    });
