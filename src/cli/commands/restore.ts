import { relative, resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { isInBucket } from "../../core/archive-location.ts";
import { readArchiveHead } from "../../fleet/archive/archive-file.ts";
import { absolute } from "../../fleet/archive/store/archive-store.ts";
import { addTenant } from "../../settings/edit-tenants.ts";
import { loadStackFile, settingsOfStack } from "../../settings/stack-file.ts";
import { archiveStore } from "../archive-store.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

/** Inside the project by its path there, so that the line means the same in every checkout. */
function placeOf(archive: string): string {
  if (isInBucket(archive)) return archive;
  const path = resolve(archive);
  const inside = relative(PROJECT_ROOT, path);
  return inside.startsWith("..") ? path : inside;
}

export const restoreCommand = () =>
  new Command("restore")
    .description("add a tenant to the stack file that begins with an archive's rows")
    .argument("<archive>", "the file, or s3://...; `tenantry archives` lists those in the books")
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
      const place = { root: PROJECT_ROOT, stack };
      const stackFile = loadStackFile(place);
      const store = archiveStore(
        { ...place, env: process.env, stackFile },
        settingsOfStack({ root: PROJECT_ROOT, stackFile }),
      );
      const head = await readArchiveHead(store, absolute(archive));
      const tenant = { id: as ?? head.id, company: company ?? head.company };
      const restore = placeOf(archive);
      const { file } = addTenant(place, { ...tenant, restore });
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
