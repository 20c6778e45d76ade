import { Command } from "@commander-js/extra-typings";
import { PROJECT } from "../../settings/stack-file.ts";
import { changeStack } from "../change-stack.ts";
import { ENGINE, FULL, JSON_OUTPUT, STACK, YES } from "../options.ts";
import { openStack } from "../open-stack.ts";
import type { Stack } from "../open-stack.ts";
import { runEngine } from "../run-engine.ts";
import { Terminal } from "../terminal.ts";

/** What Docker may have lost; nothing inside the database is asked while the server is down. */
const OF_DOCKER = ["docker:index/network:Network::network"].concat(
  "docker:index/container:Container::postgresql",
);

export const recoverCommand = () =>
  new Command("recover")
    .description(
      "bring back a server that is gone or stopped, with its data; tenants are left alone",
    )
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(YES)
    .addOption(FULL)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack: name, engine, yes, full, json }) => {
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine, keep: true });
      await lookAtContainer(stack, terminal);
      await changeStack({ stack, operation: "up", terminal, yes, full });
    });

/** Takes the container as it is over into the state, so that `up` makes a new one when it is gone. */
async function lookAtContainer(stack: Stack, terminal: Terminal): Promise<void> {
  if (stack.settings.server.docker === undefined) return;
  const parent = `urn:pulumi:${stack.name}::${PROJECT}::tenantry:index:Server$`;
  const targets = OF_DOCKER.map((resource) => parent + resource);
  const plan = { items: [], stateOnly: true, awaitingRestart: [] };
  await runEngine({ stack, operation: "refresh", terminal, plan, targets });
}
