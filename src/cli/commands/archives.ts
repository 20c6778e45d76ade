import { Command } from "@commander-js/extra-typings";
import { formatOf, isInBucket } from "../../core/archive-location.ts";
import { listArchives } from "../../fleet/archive/list-archives.ts";
import type { BookedArchive } from "../../fleet/archive/list-archives.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { columns } from "../render/columns.ts";
import { age, counted, size } from "../../core/format.ts";
import { line } from "../render/line.ts";
import type { Line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

const COLUMNS = [
  { title: "ID" },
  { title: "VERSION", align: "right" },
  { title: "SIZE", align: "right" },
  { title: "AGE", align: "right" },
  { title: "PROVEN" },
  { title: "FORMAT" },
  { title: "FILE" },
] as const;

/** The archives as a table. @param present the locations at which a file is */
export function archiveLines(
  archives: readonly BookedArchive[],
  now: Date,
  present: ReadonlySet<string>,
): Line[] {
  const since = (date: Date): string => age(now.getTime() - date.getTime());
  const rows = archives.map(({ id, version, bytes, createdAt, provenAt, location }) => [
    ...[id, String(version), size(bytes), since(createdAt)],
    provenAt === null ? "no" : "yes",
    formatOf(location),
    present.has(location)
      ? location
      : `${location} (${isInBucket(location) ? "not in the bucket" : "not on this machine"})`,
  ]);
  const [title = "", ...lines] = columns(COLUMNS, rows);
  return [line(title, "strong"), ...lines.map((text) => line(text))];
}

export const archivesCommand = () =>
  new Command("archives")
    .description("list the archives in the books, the newest first: age, proven or not, where")
    .argument("[id]", "only this tenant's")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (id, { stack, json }) => {
      const terminal = new Terminal({ json });
      const { archives, present } = await asAdministrator({ stack }, async (context) => {
        const all = await listArchives(context);
        const archives = all.filter((archive) => id === undefined || archive.id === id);
        const locations = archives.map(({ location }) => location);
        return { archives, present: await context.archives.present(locations) };
      });
      if (json)
        terminal.printJson(
          archives.map((archive) => ({ ...archive, format: formatOf(archive.location) })),
        );
      terminal.print(archiveLines(archives, new Date(), present));
      terminal.note([line(counted(archives.length, "archive"), "quiet")]);
    });
