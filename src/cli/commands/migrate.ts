import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { planFleet } from "../../core/fleet-plan.ts";
import { fleetStatus } from "../../core/fleet-status.ts";
import { inspectFleet } from "../../fleet/inspect-fleet.ts";
import { migrateFleet } from "../../fleet/migrate-fleet.ts";
import type { FleetResult } from "../../fleet/migrate-fleet.ts";
import { newMigration } from "../../fleet/new-migration.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK, YES } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { counted, duration } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { statusLines } from "../render/migration-lines.ts";
import { failedTenantLines, stageLines } from "../render/migration-run.ts";
import { stoppable } from "../stoppable.ts";
import { Terminal } from "../terminal.ts";

const statusCommand = () =>
  new Command("status")
    .description("show who is behind, pinned or failed, why, and which files are to go")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, json }) => {
      const terminal = new Terminal({ json });
      const status = await asAdministrator({ stack }, async (context, { migrations }) => {
        const { files, members } = await inspectFleet(context);
        return fleetStatus(files, members, migrations);
      });
      if (json) terminal.printJson(status);
      terminal.print(statusLines(status));
    });

const upCommand = () =>
  new Command("up")
    .description("migrate the tenants as `up` does, and nothing else: canaries first, then waves")
    .addOption(STACK)
    .option("--canary-only", "end after the canaries")
    .addOption(YES)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, canaryOnly = false, yes, json }) => {
      const terminal = new Terminal({ json });
      await asAdministrator({ stack }, async (context, { migrations }) => {
        const { files, members } = await inspectFleet(context);
        const stages = planFleet(members, migrations).filter((one) => one.isCanary || !canaryOnly);
        const concerned = new Set(stages.flatMap(({ tenants }) => tenants));
        const facts = members.filter(({ id }) => concerned.has(id));
        const { pending } = fleetStatus(files, facts, migrations);
        terminal.print(stageLines(stages, pending));
        const question = "Migrate these tenants?";
        if (stages.length > 0 && !yes && terminal.interactive && !(await terminal.ask(question))) {
          terminal.note([line("Nothing was changed.")]);
          return;
        }
        const started = performance.now();
        const result = await stoppable(terminal, (signal) =>
          migrateFleet({ ...context, signal }, migrations, {
            canaryOnly,
            onProgress: (done, all) => {
              terminal.status(`${done} of ${all} tenants`);
            },
          }),
        );
        report(terminal, result, { stack, milliseconds: performance.now() - started });
      });
    });

/** @throws {TenantryError} TNT-650 when tenants failed, after naming them */
function report(
  terminal: Terminal,
  result: FleetResult,
  { stack, milliseconds }: { readonly stack: string; readonly milliseconds: number },
): void {
  const { migrated, failures, left } = result;
  if (terminal.json) terminal.printJson(result);
  if (migrated.length > 0)
    terminal.print([
      line(`  ${counted(migrated.length, "tenant")} migrated in ${duration(milliseconds)}`, "add"),
    ]);
  terminal.print(failedTenantLines(result));
  if (failures.length > 0)
    throw new TenantryError("TNT-650", {
      failed: failures.map(({ id }) => id),
      left: left.length,
      stack,
    });
}

const newCommand = () =>
  new Command("new")
    .description("write an empty migration with the next number into sql/tenant/")
    .argument("<name>", "what it does, such as add_bonus: a-z, digits and _")
    .addOption(JSON_OUTPUT)
    .action((name, { json }) => {
      const terminal = new Terminal({ json });
      const file = newMigration(join(PROJECT_ROOT, "sql"), name);
      if (json) terminal.printJson({ file });
      terminal.print([
        line(`  + ${file}`, "add"),
        line("  next  write it, then npx tenantry preview shows who gets it"),
      ]);
    });

export const migrateCommand = () =>
  new Command("migrate")
    .description("the tenants' migrations: how far they are, run them, write a new one")
    .addCommand(statusCommand())
    .addCommand(upCommand())
    .addCommand(newCommand());
