import { Argument, Command } from "@commander-js/extra-typings";
import { TENANT, TENANT_SHARD } from "../render/tenant-steps.ts";
import { editLayout } from "../../settings/edit-layout.ts";
import { ENGINE, JSON_OUTPUT, STACK } from "../options.ts";
import { openStack } from "../open-stack.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { counted } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

export const layoutCommand = () =>
  new Command("layout")
    .description(
      "prepare a stack for another layout: a resource for each tenant, or shards of them",
    )
    .addArgument(
      new Argument("<layout>", "how the tenants are declared").choices([
        "tenants",
        "shards",
      ] as const),
    )
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      "\nWrites tenantry:layout into the stack file, and lifts the protection of exactly the resources that the\nnext `up` forgets in favour of others. No tenant and no data is touched, now or then.",
    )
    .action(async (layout, { stack: name, engine, json }) => {
      const terminal = new Terminal({ json });
      const { tenants } = editLayout({ root: PROJECT_ROOT, stack: name }, layout);
      const stack = await openStack({ stack: name, engine });
      const ids = new Set(tenants.flatMap(({ id, renamedFrom = id }) => [id, renamedFrom]));
      const unprotected = await stack.engine.unprotect(({ type, name: resource }) =>
        layout === "shards" ? type === TENANT && ids.has(resource) : type === TENANT_SHARD,
      );
      if (json) terminal.printJson({ stack: name, layout, unprotected });
      const option = name === "dev" ? "" : ` --stack ${name}`;
      terminal.print([
        line(`  layout ${layout} in ${stack.file}`, "change"),
        line(
          `  ${counted(unprotected.length, "resource")} may go, and leave their tenants to others`,
        ),
        line(`  next  npx tenantry up${option}`),
      ]);
    });
