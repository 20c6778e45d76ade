import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ScratchStack } from "../scratch-stack.ts";
import { withScratchStack } from "../scratch-stack.ts";
import { costOf } from "./cost.ts";
import type { Cost } from "./cost.ts";
import { cheapest } from "./fleet-costs.ts";
import type { FleetCosts } from "./fleet-costs.ts";

/**
 * A fleet kept by `@pulumi/postgresql` alone on the Pulumi CLI. As the CLI does it by itself it may fail, when PostgreSQL
 * is told two rights of one object at a time: then one after the other, too.
 */
export async function byPlainPostgresql(tenants: number): Promise<FleetCosts[]> {
  return await withScratchStack(1, async (stack) => {
    stack.tenantry("up", "--yes", "--engine", "local");
    const project = plainProject(stack);
    const way = "plain @pulumi/postgresql";
    try {
      return [{ way, costs: await measure(project, tenants, []) }];
    } catch (error) {
      if (!String(error).includes(CONCURRENTLY)) throw error;
      await project.run("destroy", "--yes", "--skip-preview", ...IN_TURN);
      return [
        { way, costs: { bulk: { failed: CONCURRENTLY } } },
        { way: `${way} ${IN_TURN.join(" ")}`, costs: await measure(project, tenants, IN_TURN) },
      ];
    }
  });
}

const IN_TURN = ["--parallel", "1"];
const CONCURRENTLY = "tuple concurrently updated";

interface PlainProject {
  readonly setTenants: (count: number) => void;
  readonly run: (...args: string[]) => Promise<Cost>;
}

/** The project in the clone, on the clone's server. */
function plainProject({ root, port }: ScratchStack): PlainProject {
  const backend = join(root, "plain-state");
  mkdirSync(backend);
  const options = {
    cwd: join(root, "bench", "fleet", "plain-postgresql"),
    env: {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  };
  const pulumi = (...args: string[]): void => {
    const { status, stderr } = spawnSync("pulumi", args, { ...options, encoding: "utf8" });
    if (status !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${stderr}`);
  };
  const set = (...args: string[]): void => {
    pulumi("config", "set", "--stack", "bench", ...args);
  };
  const password = readFileSync(join(root, ".tenantry", "dev", "admin-password"), "utf8").trim();
  pulumi("stack", "init", "bench");
  set("port", String(port));
  set("--secret", "password", password);
  return {
    setTenants: (count) => {
      set("tenants", String(count));
    },
    run: (...args) =>
      costOf(spawn("pulumi", [...args, "--stack", "bench", "--non-interactive"], options)),
  };
}

async function measure(
  { setTenants, run }: PlainProject,
  tenants: number,
  parallel: readonly string[],
): Promise<FleetCosts["costs"]> {
  let count = tenants;
  const up = (by = 0) => {
    count += by;
    setTenants(count);
    return run("up", "--yes", "--skip-preview", ...parallel);
  };
  return {
    bulk: await up(),
    "one more": await cheapest(() => up(1)),
    "one less": await cheapest(() => up(-1)),
    nothing: await cheapest(() => up()),
    preview: await cheapest(() => run("preview")),
  };
}
