import { Command } from "@commander-js/extra-typings";
import { listTenants } from "../../fleet/list-tenants.ts";
import type { TenantRow } from "../../fleet/list-tenants.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { columns } from "../render/columns.ts";
import { counted, size } from "../../core/format.ts";
import { line } from "../render/line.ts";
import type { Line } from "../render/line.ts";
import { printable } from "../render/printable.ts";
import { Terminal } from "../terminal.ts";

const COLUMNS = [
  { title: "ID" },
  { title: "STATE" },
  { title: "VERSION", align: "right" },
  { title: "SIZE", align: "right" },
  { title: "SCHEMA" },
  { title: "COMPANY" },
] as const;

/** The tenants as a table: what is short and sought first, the company's name last, since it may be long. */
export function tenantLines(tenants: readonly TenantRow[]): Line[] {
  const rows = tenants.map(({ id, state, version, sizeBytes, schema, company }) => [
    ...[id, state, String(version), size(sizeBytes), schema, printable(company)],
  ]);
  const [title = "", ...lines] = columns(COLUMNS, rows);
  return [line(title, "strong"), ...lines.map((text) => line(text))];
}

/** The tenants whose migration failed, and why: the first line of each error. */
export function failedLines(tenants: readonly TenantRow[]): Line[] {
  return tenants.flatMap(({ id, version, failure }) =>
    failure === null
      ? []
      : [
          line(
            `tenant ${id} stays at ${version}: ${printable(failure.split("\n", 1)[0] ?? "")}`,
            "warning",
          ),
        ],
  );
}

export const listCommand = () =>
  new Command("list")
    .description("list the tenants: id, state, migration version, size, schema, company")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, json }) => {
      const terminal = new Terminal({ json });
      const tenants = await asAdministrator({ stack }, listTenants);
      if (json) terminal.printJson(tenants);
      terminal.print(tenantLines(tenants));
      terminal.note([line(counted(tenants.length, "tenant"), "quiet"), ...failedLines(tenants)]);
    });
