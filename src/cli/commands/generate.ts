import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { newPartitionedTable } from "../../fleet/partitions/new-partitioned-table.ts";
import { loadStackFile, settingsOfStack } from "../../settings/stack-file.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

const partitionedTableCommand = () =>
  new Command("partitioned-table")
    .description("write the migration of a shared, partitioned table into sql/shared/")
    .argument("<name>", "the table, such as conversations: a-z, digits and _")
    .argument("[columns...]", "name:type, such as topic:text; or name:type:null")
    .requiredOption("--key <column>", "the partition key, as the stack has it: isp_id")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      "\nThe columns id, the key, created_at and updated_at come by themselves.\n\nExample:\n  npx tenantry generate partitioned-table conversations topic:text --key isp_id",
    )
    .action((name, columns, { key, stack, json }) => {
      const terminal = new Terminal({ json });
      const stackFile = loadStackFile({ root: PROJECT_ROOT, stack });
      const settings = settingsOfStack({ root: PROJECT_ROOT, stackFile });
      const { partitionKey } = settings;
      if (key !== partitionKey) throw new TenantryError("TNT-851", { key, stack, partitionKey });
      const file = newPartitionedTable(join(PROJECT_ROOT, "sql"), name, columns, settings);
      if (json) terminal.printJson({ file });
      const option = stack === "dev" ? "" : ` --stack ${stack}`;
      terminal.print([
        line(`  + ${file}`, "add"),
        line(
          `  next  add comments and indexes, then npx tenantry up${option}: it makes the table, ${settings.partitions === "values" ? "with row level security" : "and each tenant's partition"}`,
        ),
      ]);
    });

export const generateCommand = () =>
  new Command("generate")
    .description("write files that are yours to change")
    .addCommand(partitionedTableCommand());
