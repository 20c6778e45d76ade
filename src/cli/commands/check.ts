import { Command } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { annotations } from "../check/annotations.ts";
import { checkProject } from "../check/check-project.ts";
import { JSON_OUTPUT } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

export const checkCommand = () =>
  new Command("check")
    .description("check the settings of the stacks, and what changed since a revision; no database")
    .option("-s, --stack <name>", "only this stack; default: all")
    .option("--base <revision>", "refuse tenants that went unretired and migrations edited since")
    .addOption(JSON_OUTPUT)
    .action(({ stack, base, json }) => {
      const terminal = new Terminal({ json });
      const problems = checkProject({ root: PROJECT_ROOT, stack, base });
      if (json) terminal.printJson({ problems });
      else if (process.env.GITHUB_ACTIONS === "true")
        for (const command of annotations(problems)) terminal.printRaw(command);
      if (problems.length > 0) throw new TenantryError("TNT-630", { problems });
      terminal.print([line("  no problem found", "strong")]);
    });
