import { Command } from "@commander-js/extra-typings";
import packageFile from "../../package.json" with { type: "json" };
import { activityCommand } from "./commands/activity.ts";
import { addCommand } from "./commands/add.ts";
import { adoptCommand } from "./commands/adopt.ts";
import { analyzeCommand } from "./commands/analyze.ts";
import { archivesCommand } from "./commands/archives.ts";
import { backupCommand } from "./commands/backup.ts";
import { cancelCommand } from "./commands/cancel.ts";
import { checkCommand } from "./commands/check.ts";
import { commentCommand } from "./commands/comment.ts";
import { connectionsCommand } from "./commands/connections.ts";
import { destroyCommand } from "./commands/destroy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { engineCommand } from "./commands/engine.ts";
import { envCommand } from "./commands/env.ts";
import { explainErrorCommand } from "./commands/explain-error.ts";
import { generateCommand } from "./commands/generate.ts";
import { indexesCommand } from "./commands/indexes.ts";
import { layoutCommand } from "./commands/layout.ts";
import { listCommand } from "./commands/list.ts";
import { loadCommand } from "./commands/load.ts";
import { locksCommand } from "./commands/locks.ts";
import { logCommand } from "./commands/log.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { partitionsCommand } from "./commands/partitions.ts";
import { previewCommand } from "./commands/preview.ts";
import { probeCommand } from "./commands/probe.ts";
import { recoverCommand } from "./commands/recover.ts";
import { refreshCommand } from "./commands/refresh.ts";
import { reindexCommand } from "./commands/reindex.ts";
import { restoreCommand } from "./commands/restore.ts";
import { serveCommand } from "./commands/serve.ts";
import { sizesCommand } from "./commands/sizes.ts";
import { reportCommand } from "./commands/report.ts";
import { slowCommand } from "./commands/slow.ts";
import { startCommand } from "./commands/start.ts";
import { statusCommand } from "./commands/status.ts";
import { touchedCommand } from "./commands/touched.ts";
import { upCommand } from "./commands/up.ts";
import { vacuumCommand } from "./commands/vacuum.ts";

const EXAMPLES = `
Examples:
  npx tenantry preview
  npx tenantry add empresa_900 --company "Empresa 900 SpA" && npx tenantry up
  npx tenantry list --json
  eval "$(npx tenantry env --pulumi)" && pulumi preview --stack dev

Exit codes:
  0 done   1 failed, or --expect-no-changes found changes, or doctor found something
  2 wrong usage   130 interrupted`;

const COMMANDS = [
  ...[startCommand, upCommand, previewCommand, refreshCommand, destroyCommand],
  ...[listCommand, addCommand, envCommand, loadCommand],
  ...[
    statusCommand,
    sizesCommand,
    activityCommand,
    locksCommand,
    slowCommand,
    indexesCommand,
    metricsCommand,
    serveCommand,
    reportCommand,
  ],
  ...[migrateCommand, generateCommand, partitionsCommand, doctorCommand, probeCommand],
  ...[backupCommand, archivesCommand, restoreCommand],
  ...[vacuumCommand, reindexCommand, analyzeCommand],
  ...[connectionsCommand, explainErrorCommand, logCommand],
  ...[adoptCommand, layoutCommand, recoverCommand, cancelCommand, engineCommand],
  ...[checkCommand, touchedCommand, commentCommand],
];

/** Never exits the process: commander throws instead, for main.ts to answer. */
function throwing(command: { exitOverride(): unknown; commands: readonly unknown[] }): void {
  command.exitOverride();
  for (const sub of command.commands) throwing(sub as typeof command);
}

/** The command line: `tenantry <command> [options]`. */
export function createProgram(): Command {
  const program = new Command("tenantry")
    .description("A schema-per-tenant PostgreSQL 16, declared with Pulumi")
    .version(packageFile.version)
    .showSuggestionAfterError()
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", EXAMPLES);
  for (const command of COMMANDS) program.addCommand(command());
  throwing(program);
  return program;
}
