import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { readAuditLog } from "../../fleet/read-audit-log.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { readDuration } from "../read-duration.ts";
import { auditLines } from "../render/audit-lines.ts";
import { counted } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

const MOST = 1_000_000;

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST}.`);
}

export const logCommand = () =>
  new Command("log")
    .description("show who did what to which tenant, the newest first (central.audit_log)")
    .argument("[id]", "only this tenant's, also of one that was removed")
    .option("--since <duration>", "only the last 7d, 12h, 30m", readDuration)
    .option("--action <name>", "only this action, such as tenant.updated")
    .option("--limit <number>", "at most so many entries", readLimit, 1000)
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (tenant, { since: seconds, action, limit, stack, json }) => {
      const terminal = new Terminal({ json });
      const since = seconds === undefined ? undefined : new Date(Date.now() - seconds * 1000);
      const entries = await asAdministrator({ stack }, (ctx) =>
        readAuditLog(ctx, { tenant, since, action, limit }),
      );
      if (json) terminal.printJson(entries);
      terminal.print(auditLines(entries));
      const more = entries.length === limit ? "; there may be older ones (--limit)" : "";
      terminal.note([line(`${counted(entries.length, "entry", "entries")}${more}`, "quiet")]);
    });
