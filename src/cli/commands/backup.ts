import { relative } from "node:path";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { archiveFleet } from "../../fleet/archive/archive-fleet.ts";
import { archiveTenant } from "../../fleet/archive/archive-tenant.ts";
import type { TenantArchive } from "../../fleet/archive/archive-tenant.ts";
import { asAdministrator } from "../administrator.ts";
import { interruptible } from "../interruptible.ts";
import { oneOrAll } from "../one-or-all.ts";
import { ALL_TENANTS, JSON_OUTPUT, STACK } from "../options.ts";
import { count, counted, size } from "../render/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

const HOUR_MS = 3_600_000;

function readHours(text: string): number {
  const hours = Number(text);
  if (hours > 0 && hours <= 24 * 365) return hours;
  throw new InvalidArgumentError("It must be a number of hours, more than 0.");
}

/** What is said of an archive: for programs, without the list of tables. */
const facts = ({ number, path, bytes, proven, manifest }: TenantArchive) => {
  const { id, version, createdAt, tables } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return { id, number, path, bytes, version, rows, createdAt, proven };
};

function archiveLine(archive: TenantArchive) {
  const { id, rows, bytes, path, proven } = facts(archive);
  const place = relative(process.cwd(), path);
  const shown = place.startsWith("..") ? path : place;
  return line(
    `  ${id}  ${counted(rows, "row")}, ${size(bytes)}${proven ? ", proven" : ""}  ${shown}`,
  );
}

export const backupCommand = () =>
  new Command("backup")
    .description("write a tenant's rows into an archive, or each tenant's with --all")
    .argument("[id]", "the tenant")
    .addOption(ALL_TENANTS)
    .option("--verify", "restore each archive where nobody sees it, and compare: it is proven then")
    .option(
      "--older-than <hours>",
      "with --all: only tenants without an archive of the last hours, to go on where a run stopped",
      readHours,
    )
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      "\nExamples:\n  npx tenantry backup empresa_123 --verify\n  npx tenantry backup --all --older-than 20",
    )
    .action(async (id, { all, verify = false, olderThan, stack, json }, command) => {
      oneOrAll(command, id, all);
      const terminal = new Terminal({ json });
      const show = (archive: TenantArchive): void => {
        if (json) terminal.printJson(facts(archive));
        terminal.print([archiveLine(archive)]);
      };
      await interruptible(
        (signal) =>
          asAdministrator({ stack }, async (administrator) => {
            const context = { ...administrator, signal };
            if (id !== undefined) {
              show(await archiveTenant(context, id, { prove: verify }));
              return;
            }
            const since = olderThan === undefined ? undefined : Date.now() - olderThan * HOUR_MS;
            const { archived, skipped, failed } = await archiveFleet(context, {
              prove: verify,
              since: since === undefined ? undefined : new Date(since),
              onArchive: show,
              onFailure: ({ id, message }) => {
                terminal.note([line(`  failed: ${id}: ${message}`, "error")]);
              },
            });
            terminal.note([
              line(`${counted(archived, "archive")}, ${count(skipped)} recent enough`, "quiet"),
            ]);
            if (failed > 0) throw new TenantryError("TNT-709", { failed, archived });
          }),
        () => {
          terminal.note([line("Finishing what is in flight.", "warning")]);
        },
      );
    });
