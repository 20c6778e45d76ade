import { Command } from "@commander-js/extra-typings";
import { counted, size } from "../../core/format.ts";
import { readPageData } from "../../report/page/read-page-data.ts";
import { serverParameters } from "../../settings/server-parameters.ts";
import { loadStackFile, settingsOfStack } from "../../settings/stack-file.ts";
import { asMonitor } from "../monitor.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { PROJECT_ROOT as root } from "../project-root.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";
import { requirePlace, writePage } from "../write-page.ts";

export const reportCommand = () =>
  new Command("report")
    .description(
      "write how the server and its fleet are as one page: an HTML file that needs no other",
    )
    .requiredOption("--out <file>", "where to; what is there is replaced")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .addHelpText("after", "\nExample:\n  npx tenantry report --stack prod --out report.html")
    .action(async ({ out, stack, json }) => {
      const terminal = new Terminal({ json });
      // Better now than after having looked at ten thousand tenants.
      requirePlace(out);
      const declared = serverParameters(
        settingsOfStack({ root, stackFile: loadStackFile({ root, stack }) }),
      );
      const data = await asMonitor({ stack }, (monitor) =>
        readPageData(monitor, { sqlDirectory: monitor.sqlDirectory, declared }),
      );
      // Plots and all: nothing that other commands should wait for.
      const { renderPage } = await import("../../report/page/render-page.ts");
      const page = renderPage(data);
      writePage(out, page);
      const [tenants, bytes] = [data.tenants.length, Buffer.byteLength(page)];
      if (json) terminal.printJson({ out, tenants, bytes });
      terminal.print([line(`${out}  ${counted(tenants, "tenant")}, ${size(bytes)}`)]);
    });
