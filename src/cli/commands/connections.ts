import { Command, Option } from "@commander-js/extra-typings";
import type { FleetContext } from "../../fleet/context.ts";
import { endIdleSessions, idleSessions } from "../../fleet/connections/end-idle.ts";
import { readConnections } from "../../fleet/connections/read-connections.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK, YES } from "../options.ts";
import { readDuration } from "../read-duration.ts";
import { connectionLines, idleLines, limitLine } from "../render/connection-lines.ts";
import { counted } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

/** Shows what would be ended, asks, and ends what is idle still. */
async function endIdle(
  ctx: FleetContext,
  seconds: number,
  terminal: Terminal,
  { dryRun, yes }: { readonly dryRun: boolean; readonly yes: boolean },
): Promise<void> {
  const sessions = await idleSessions(ctx, seconds);
  terminal.print(idleLines(sessions));
  const ask = !dryRun && !yes && sessions.length > 0 && terminal.interactive;
  const go =
    !dryRun && (!ask || (await terminal.ask(`End ${counted(sessions.length, "session")}?`)));
  const ended = go && sessions.length > 0 ? await endIdleSessions(ctx, seconds, sessions) : [];
  if (terminal.json)
    terminal.printJson(sessions.map((one) => ({ ...one, ended: ended.includes(one.pid) })));
  const left = sessions.length - ended.length;
  terminal.note([
    line(
      go
        ? `${counted(ended.length, "session")} ended${left > 0 ? `; ${counted(left, "session")} had gone, or were at work again, and were left alone` : ""}`
        : `${counted(sessions.length, "session")} would be ended; nothing was done`,
    ),
  ]);
}

export const connectionsCommand = () =>
  new Command("connections")
    .description("count the connections by role and state against the limit, and end idle ones")
    .option(
      "--end-idle <duration>",
      "end this database's sessions that have been idle for so long, such as 10m: never an open transaction, a superuser's, replication's or the administrator's",
      readDuration,
    )
    .addOption(new Option("--dry-run", "with --end-idle: only show which"))
    .addOption(STACK)
    .addOption(YES)
    .addOption(JSON_OUTPUT)
    .action(async ({ endIdle: seconds, dryRun = false, stack, yes = false, json }) => {
      const terminal = new Terminal({ json });
      await asAdministrator({ stack }, async (ctx) => {
        if (seconds !== undefined) {
          await endIdle(ctx, seconds, terminal, { dryRun, yes });
          return;
        }
        const connections = await readConnections(ctx);
        if (json) terminal.printJson(connections);
        terminal.print(connectionLines(connections));
        terminal.note([limitLine(connections)]);
      });
    });
