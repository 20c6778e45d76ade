import { relative, resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { readArchiveHead } from "../../fleet/archive/archive-file.ts";
import { addTenant } from "../../settings/edit-tenants.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

/** Inside the project by its path there, so that the line means the same in every checkout. */
function placeOf(file: string): string {
  const path = resolve(file);
  const inside = relative(PROJECT_ROOT, path);
  return inside.startsWith("..") ? path : inside;
}

export const restoreCommand = () =>
  new Command("restore")
    .description("add a tenant to the stack file that begins with an archive's rows")
    .argument("<archive>", "the file; `tenantry archives` lists those in the books")
    .option("--as <id>", "the new tenant's id; default: the archive's")
    .option("--company <name>", "the company's name; default: the archive's")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      "\nExample:\n  npx tenantry restore .tenantry/dev/archives/empresa_123-20261125T230102Z.tar.zst --as empresa_123_old",
    )
    .action(async (archive, { as, company, stack, json }) => {
      const terminal = new Terminal({ json });
      const head = await readArchiveHead(resolve(archive));
      const tenant = { id: as ?? head.id, company: company ?? head.company };
      const restore = placeOf(archive);
      const { file } = addTenant({ root: PROJECT_ROOT, stack }, { ...tenant, restore });
      if (json) terminal.printJson({ ...tenant, restore, file });
      const option = stack === "dev" ? "" : ` --stack ${stack}`;
      terminal.print([
        line(
          `  + tenant ${tenant.id} in ${file}, from tenant ${head.id} at migration ${head.version}`,
          "add",
        ),
        line(`  next  npx tenantry up${option}`),
      ]);
    });
