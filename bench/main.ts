// Measures the commands, the SQL of one tenant, migrations over a fleet, the page and the runtime library: npm run bench [-- --tenants N --json]
// Whole fleets, which take from minutes to an hour: npm run bench -- --fleets 100,1000,10000
import { parseArgs } from "node:util";
import { benchArchive } from "./bench-archive.ts";
import { benchCleanup } from "./bench-cleanup.ts";
import { benchCommands } from "./bench-commands.ts";
import { benchDocker } from "./bench-docker.ts";
import { benchDoctor } from "./bench-doctor.ts";
import { benchGuard } from "./bench-guard.ts";
import { benchMaintenance } from "./bench-maintenance.ts";
import { benchMigrations } from "./bench-migrations.ts";
import { benchMonitor } from "./bench-monitor.ts";
import { benchPage } from "./bench-page.ts";
import { benchScope } from "./bench-scope.ts";
import { benchTenantSql } from "./bench-tenant-sql.ts";
import { benchFleets } from "./fleet/bench-fleets.ts";
import { reportLines } from "./report.ts";
import { withScratchStack } from "./scratch-stack.ts";

const { values } = parseArgs({
  options: {
    tenants: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    fleets: { type: "string" },
  },
});
const tenants = Number(values.tenants);
if (!Number.isInteger(tenants) || tenants < 1 || tenants > 1500) {
  process.stderr.write(`--tenants ${values.tenants}: a whole number from 1 to 1500 is needed.\n`);
  process.exitCode = 2;
} else if (values.fleets !== undefined) {
  await benchFleets(values.fleets);
} else {
  const commands = await withScratchStack(tenants, async (stack) => {
    const { figures, nothing } = await benchCommands(stack);
    const sql = [...(await benchTenantSql(stack)), ...(await benchDoctor(stack))];
    return {
      nothing,
      figures: [
        ...figures,
        ...sql,
        ...(await benchScope(stack)),
        ...(await benchArchive(stack)),
        ...(await benchMigrations(stack, tenants)),
        ...(await benchMonitor(stack)),
        ...(await benchMaintenance(stack)),
        ...(await benchCleanup(stack)),
      ],
    };
  });
  const docker = await benchDocker(tenants, commands.nothing);
  if (typeof docker === "string") process.stderr.write(`${docker}\n`);
  const page = await benchPage();
  if (page.notMeasured !== undefined) process.stderr.write(`${page.notMeasured}\n`);
  const figures = [
    ...commands.figures,
    ...(await benchGuard()),
    ...page.figures,
    ...(typeof docker === "string" ? [] : docker),
  ];
  if (values.json) process.stdout.write(`${JSON.stringify({ tenants, figures })}\n`);
  else process.stdout.write(`${reportLines(figures).join("\n")}\n`);
  if (
    figures.some(({ ratio, limit }) => ratio !== undefined && limit !== undefined && ratio > limit)
  )
    process.exitCode = 1;
}
