import { Command, Option } from "@commander-js/extra-typings";
import { addTenant } from "../../settings/edit-tenants.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

export const addCommand = () =>
  new Command("add")
    .description("add a tenant to the stack file, keeping its comments and order")
    .argument("<id>", "a letter, then letters, digits and _; all lower case, at most 48")
    .option("--company <name>", "the company's name; default: the id")
    .option("--clone-from <id>", "begin as a copy of this tenant")
    .addOption(
      new Option("--data <which>", "with --clone-from, its rows; default: masked").choices([
        "none",
        "masked",
        "full",
      ] as const),
    )
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      '\nExamples:\n  npx tenantry add empresa_900 --company "Empresa 900 SpA"\n  npx tenantry add empresa_demo --clone-from empresa_123 --data masked',
    )
    .action((id, { company, cloneFrom: from, data, stack, json }, command) => {
      if (data !== undefined && from === undefined)
        command.error("error: --data says what of --clone-from: name that tenant, too");
      const terminal = new Terminal({ json });
      const place = { root: PROJECT_ROOT, stack };
      const clone = from === undefined ? undefined : { from, data: data ?? "masked" };
      const { file } = addTenant(place, {
        id,
        ...(company !== undefined && { company }),
        ...(clone && { clone }),
      });
      if (json) terminal.printJson({ id, ...(clone && { clone }), file });
      const option = stack === "dev" ? "" : ` --stack ${stack}`;
      const origin = clone ? `, a clone of ${clone.from}, data ${clone.data}` : "";
      terminal.print([
        line(`  + tenant ${id} in ${file}${origin}`, "add"),
        line(`  next  npx tenantry up${option}`),
      ]);
    });
