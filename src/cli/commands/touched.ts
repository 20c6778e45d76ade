import { Command } from "@commander-js/extra-typings";
import { readRevision } from "../check/revision.ts";
import { touchedStacks } from "../check/touched-stacks.ts";
import { JSON_OUTPUT } from "../options.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { columns } from "../render/columns.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

export const touchedCommand = () =>
  new Command("touched")
    .description("list the stacks that a change touches: their tenants, settings, or the program")
    .requiredOption("--base <revision>", "before the change")
    .option("--head <revision>", "after it", "HEAD")
    .addOption(JSON_OUTPUT)
    .action(({ base, head, json }) => {
      const terminal = new Terminal({ json });
      const read = (name: string) => readRevision(PROJECT_ROOT, name);
      const stacks = touchedStacks(read(base), read(head));
      if (json) terminal.printJson(stacks);
      const rows = stacks.map(({ stack, touch }) => [stack, touch]);
      const [title = "", ...lines] = columns([{ title: "STACK" }, { title: "CHANGE" }], rows);
      terminal.print([line(title, "strong"), ...lines.map((text) => line(text))]);
    });
