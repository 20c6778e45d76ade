import { Command, Option } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { foldState } from "../../engine/fold-state.ts";
import { loadStackFile, PROJECT } from "../../settings/stack-file.ts";
import { resolveBackend } from "../engine/backend.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { foldLines } from "../render/fold-lines.ts";
import { Terminal } from "../terminal.ts";

const foldCommand = () =>
  new Command("fold")
    .description("put what a killed run of the local engine did into the state, for the Pulumi CLI")
    .addOption(STACK)
    .addOption(
      new Option("--accept-loss", "go on without what follows the damaged line of a journal"),
    )
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, acceptLoss = false, json }) => {
      const terminal = new Terminal({ json });
      loadStackFile({ root: PROJECT_ROOT, stack });
      const { directory, url } = resolveBackend(process.env, PROJECT_ROOT);
      if (directory === undefined) throw new TenantryError("TNT-613", { backend: url });
      const place = { backend: directory, project: PROJECT, stack };
      const { folded, kept, pending } = await foldState({ ...place, acceptLoss });
      const open = pending.map(({ type, resource: { urn } }) => ({ type, urn }));
      if (json) terminal.printJson({ folded, pending: open, ...(kept !== undefined && { kept }) });
      terminal.print(foldLines({ folded, pending: open, kept }, terminal.width));
    });

export const engineCommand = () =>
  new Command("engine")
    .description("look after the local engine's state")
    .addCommand(foldCommand());
