import { Command } from "@commander-js/extra-typings";
import { formatOf, isInBucket } from "../../core/archive-location.ts";
import { findArchives } from "../../fleet/archive/find-archives.ts";
import type { FoundArchives } from "../../fleet/archive/find-archives.ts";
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
  { booked, unbooked }: FoundArchives,
  now: Date,
  present: ReadonlySet<string>,
): Line[] {
  const since = (date: Date): string => age(now.getTime() - date.getTime());
  const rows = booked.map(({ id, version, bytes, createdAt, provenAt, location }) => [
    ...[id, String(version), size(bytes), since(createdAt)],
    provenAt === null ? "no" : "yes",
    formatOf(location),
    present.has(location)
      ? location
      : `${location} (${isInBucket(location) ? "not in the bucket" : "not on this machine"})`,
  ]);
  const others = unbooked.map(({ id, createdAt, location }) => [
    ...[id, "", "", since(createdAt), "no"],
    ...[formatOf(location), `${location} (in no book)`],
  ]);
  const [title = "", ...lines] = columns(COLUMNS, [...rows, ...others]);
  return [line(title, "strong"), ...lines.map((text) => line(text))];
}

export const archivesCommand = () =>
  new Command("archives")
    .description(
      "list the archives in the books, the newest first: age, proven or not, where; and those in no book",
    )
    .argument("[id]", "only this tenant's")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (id, { stack, json }) => {
      const terminal = new Terminal({ json });
      const { found, present } = await asAdministrator({ stack }, async (context) => {
        const { booked, unbooked } = await findArchives(context);
        const ofId = (archive: { readonly id: string }): boolean =>
          id === undefined || archive.id === id;
        const found = { booked: booked.filter(ofId), unbooked: unbooked.filter(ofId) };
        const locations = found.booked.map(({ location }) => location);
        return { found, present: await context.archives.present(locations) };
      });
      const all = [
        ...found.booked.map((archive) => ({ ...archive, booked: true })),
        ...found.unbooked.map((archive) => ({ ...archive, booked: false })),
      ];
      if (json)
        terminal.printJson(
          all.map((archive) => ({ ...archive, format: formatOf(archive.location) })),
        );
      terminal.print(archiveLines(found, new Date(), present));
      terminal.note([line(counted(all.length, "archive"), "quiet")]);
    });
