import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { loadIndicadores } from "../../fleet/load-indicadores.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { count } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

const indicadoresCommand = () =>
  new Command("indicadores")
    .description(
      "load UF, UTM and IPC into parametros.indicadores; values that are there are corrected",
    )
    .argument("<file.csv>", "columns indicador, fecha, valor")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async (file, { stack, json }) => {
      const terminal = new Terminal({ json });
      const loaded = await asAdministrator({ stack }, (context) =>
        loadIndicadores(context, resolve(file)),
      );
      if (json) terminal.printJson(loaded);
      const { added, changed, unchanged } = loaded;
      terminal.print([
        line(`  ${count(added)} added, ${count(changed)} changed, ${count(unchanged)} unchanged`),
      ]);
    });

export const loadCommand = () =>
  new Command("load").description("load reference data").addCommand(indicadoresCommand());
