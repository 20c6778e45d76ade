import { Command } from "@commander-js/extra-typings";
import { readStatus } from "../../fleet/monitor/read-status.ts";
import { prometheusText } from "../../report/metrics.ts";
import { PROJECT } from "../../settings/stack-file.ts";
import { asMonitor } from "../monitor.ts";
import { STACK } from "../options.ts";

export const metricsCommand = () =>
  new Command("metrics")
    .description("print how the server and its fleet are, as Prometheus reads it")
    .addOption(STACK)
    .addHelpText(
      "after",
      "\nExample, for the node exporter's textfile collector:\n  npx tenantry metrics --stack prod > tenantry.prom.new && mv tenantry.prom.new tenantry.prom",
    )
    .action(async ({ stack }) => {
      const text = await asMonitor({ stack }, async (monitor) =>
        prometheusText(await readStatus(monitor, monitor.sqlDirectory), `${PROJECT}/${stack}`),
      );
      process.stdout.write(text);
    });
