import { Command } from "@commander-js/extra-typings";
import { adoptDatabase } from "../../fleet/adopt-database.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK, YES } from "../options.ts";
import { counted } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

export const adoptCommand = () =>
  new Command("adopt")
    .description(
      "let the stack manage a copied database (restored, cloned, upgraded) with its tenants",
    )
    .addOption(STACK)
    .addOption(YES)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, yes, json }) => {
      const terminal = new Terminal({ json });
      const question = `Stack ${stack} will change the tenants of this database. Is it a copy that nothing else manages?`;
      if (!yes && terminal.interactive && !(await terminal.ask(question))) return;
      const adopted = await asAdministrator({ stack }, adoptDatabase);
      if (json) terminal.printJson(adopted);
      terminal.print([
        line(`  adopted, with ${counted(adopted.tenants.length, "tenant")}`, "add"),
        line(`  next  npx tenantry preview --stack ${stack}`),
      ]);
    });
