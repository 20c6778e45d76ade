import { relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ARCHIVE_FORMATS, formatOf, isInBucket } from "../../core/archive-location.ts";
import { TenantryError } from "../../core/errors.ts";
import { archiveFleet } from "../../fleet/archive/archive-fleet.ts";
import { archiveTenant } from "../../fleet/archive/archive-tenant.ts";
import type { TenantArchive } from "../../fleet/archive/archive-tenant.ts";
import { dumpTenant } from "../../fleet/archive/dump-tenant.ts";
import { findPgDump } from "../../postgres/pg-dump.ts";
import type { Settings } from "../../settings/settings.ts";
import { asAdministrator } from "../administrator.ts";
import { interruptible } from "../interruptible.ts";
import { oneOrAll } from "../one-or-all.ts";
import { ALL_TENANTS, JSON_OUTPUT, STACK } from "../options.ts";
import { count, counted, size } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

const HOUR_MS = 3_600_000;

function readHours(text: string): number {
  const hours = Number(text);
  if (hours > 0 && hours <= 24 * 365) return hours;
  throw new InvalidArgumentError("It must be a number of hours, more than 0.");
}

/** Where a pg_dump may be. */
const pgDumpPlaces = ({ server }: Settings) => ({
  path: process.env.TENANTRY_PG_DUMP,
  container: server.docker?.name,
});

/** What is said of an archive: for programs, without the list of tables. */
const facts = ({
  id,
  number,
  location,
  bytes,
  version,
  rows,
  createdAt,
  proven,
}: TenantArchive) => {
  const format = formatOf(location);
  return { id, number, format, path: location, bytes, version, rows, createdAt, proven };
};

/** As a person would write it who is here. */
function shortLocation(location: string): string {
  if (isInBucket(location)) return location;
  const place = relative(process.cwd(), location);
  return place.startsWith("..") ? location : place;
}

function archiveLine(archive: TenantArchive) {
  const { id, rows, bytes, path, proven } = facts(archive);
  return line(
    `  ${id}  ${counted(rows, "row")}, ${size(bytes)}${proven ? ", proven" : ""}  ${shortLocation(path)}`,
  );
}

export const backupCommand = () =>
  new Command("backup")
    .description("write a tenant's rows into an archive, or each tenant's with --all")
    .argument("[id]", "the tenant")
    .addOption(ALL_TENANTS)
    .option("--verify", "restore each archive where nobody sees it, and compare: it is proven then")
    .addOption(
      new Option(
        "--format <format>",
        "pg_dump: a file for pg_restore, by a pg_dump of version 16 or newer on $PATH, in the container, or where TENANTRY_PG_DUMP says",
      )
        .choices(ARCHIVE_FORMATS)
        .default("tenantry" as const),
    )
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
    .action(async (id, { all, verify = false, olderThan, format, stack, json }, command) => {
      oneOrAll(command, id, all);
      if (format === "pg_dump" && verify)
        command.error("error: --verify proves archives of --format tenantry only");
      const terminal = new Terminal({ json });
      const show = (archive: TenantArchive): void => {
        if (json) terminal.printJson(facts(archive));
        terminal.print([archiveLine(archive)]);
      };
      await interruptible(
        (signal) =>
          asAdministrator({ stack }, async (administrator, settings, connection) => {
            const context = { ...administrator, signal };
            const dumper =
              format === "pg_dump"
                ? { connection, pgDump: await findPgDump(pgDumpPlaces(settings)) }
                : undefined;
            if (id !== undefined) {
              show(
                dumper
                  ? await dumpTenant(context, id, dumper)
                  : await archiveTenant(context, id, { prove: verify }),
              );
              return;
            }
            const since = olderThan === undefined ? undefined : Date.now() - olderThan * HOUR_MS;
            const { archived, skipped, failed } = await archiveFleet(context, {
              prove: verify,
              dumper,
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
