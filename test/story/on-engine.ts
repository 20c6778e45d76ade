import { delimiter, dirname, join } from "node:path";
import { findPulumi } from "../../src/cli/engine/find-pulumi.ts";
import { officialPlugin } from "../support/postgresql-plugin.ts";
import type { FreshClone } from "./fresh-clone.ts";

/** The engines on which a story is told. */
export const ENGINES = ["local", "pulumi"] as const;
export type StoryEngine = (typeof ENGINES)[number];

const files = [(await findPulumi(process.env))?.path, officialPlugin()];

/** Why a story cannot be told on an engine here; undefined when it can. */
export const whyNotOn = (engine: StoryEngine): string | undefined =>
  engine === "local" || !files.includes(undefined)
    ? undefined
    : "THE REAL PULUMI CLI, OR ITS POSTGRESQL PLUGIN, IS NOT ON $PATH: nothing proves here that it does so";

/** What a clone's commands find in their environment: on `pulumi` the CLI and its plugin, with a home of their own. */
export const environmentOn = (
  engine: StoryEngine,
  { root, env }: Pick<FreshClone, "root" | "env">,
): NodeJS.ProcessEnv => ({
  PATH: [...(engine === "pulumi" ? files.map((file) => dirname(file ?? "")) : []), env.PATH].join(
    delimiter,
  ),
  PULUMI_HOME: join(root, ".tenantry", "pulumi-home"),
  PULUMI_SKIP_UPDATE_CHECK: "true",
});
