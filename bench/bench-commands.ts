import { spawnSync } from "node:child_process";
import { median, timed } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { ScratchStack } from "./scratch-stack.ts";

/** How often the quick commands are measured. */
const TIMES = 3;

const LOCAL = ["--engine", "local"];

/**
 * Measures the commands a person waits for, against a Node process that only loads the Pulumi SDK; beside the figures,
 * the seconds of an `up` with no change.
 */
export async function benchCommands({
  root,
  tenantry,
  addTenant,
}: ScratchStack): Promise<{ figures: Figure[]; nothing: number }> {
  const load = await median(TIMES, () =>
    timed(() => spawnSync(process.execPath, ["-e", "require('@pulumi/pulumi')"], { cwd: root })),
  );
  const figure = (name: string, seconds: number, goal?: number): Figure => ({
    name,
    seconds,
    against: "loading the Pulumi SDK",
    ratio: seconds / load,
    ...(goal !== undefined && { goal }),
  });
  const firstUp = await timed(() => {
    tenantry("up", "--yes", ...LOCAL);
  });
  const preview = await median(TIMES, () =>
    timed(() => {
      tenantry("preview", ...LOCAL);
    }),
  );
  const nothing = await median(TIMES, () =>
    timed(() => {
      tenantry("up", "--yes", ...LOCAL);
    }),
  );
  addTenant("bench_added");
  const oneMore = await timed(() => {
    tenantry("up", "--yes", ...LOCAL);
  });
  const figures = [
    { name: "loading the Pulumi SDK", seconds: load },
    figure("first up, initdb included", firstUp, 15),
    figure("preview", preview, 2),
    figure("up with no change", nothing, 3),
    figure("up with one tenant more", oneMore),
  ];
  return { figures, nothing };
}
