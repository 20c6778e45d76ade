import { startCluster } from "../../support/cluster.ts";
import { PostgresqlPlugin } from "../../support/postgresql-plugin.ts";
import { Stage } from "./tell.ts";

export interface OpenStage {
  readonly stage: Stage;
  readonly close: () => Promise<void>;
}

/** The plugin that is built in. */
export const STAND_IN = "stand-in";

/**
 * A stage on a cluster of its own.
 *
 * @param executable of the plugin, or STAND_IN
 */
export async function openStage(executable: string): Promise<OpenStage> {
  const cluster = await startCluster();
  const plugin = await PostgresqlPlugin.start(
    cluster,
    executable === STAND_IN ? {} : { executable },
  );
  const stage = await Stage.set(cluster, plugin);
  return {
    stage,
    close: async () => {
      await plugin.stop();
      await cluster.stop();
    },
  };
}
