import { Command } from "@commander-js/extra-typings";
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
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .addHelpText("after", '\nExample:\n  npx tenantry add empresa_900 --company "Empresa 900 SpA"')
    .action((id, { company, stack, json }) => {
      const terminal = new Terminal({ json });
      const place = { root: PROJECT_ROOT, stack };
      const { file } = addTenant(place, { id, ...(company !== undefined && { company }) });
      if (json) terminal.printJson({ id, file });
      const option = stack === "dev" ? "" : ` --stack ${stack}`;
      terminal.print([
        line(`  + tenant ${id} in ${file}`, "add"),
        line(`  next  npx tenantry up${option}`),
      ]);
    });
