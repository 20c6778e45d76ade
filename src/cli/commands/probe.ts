import { Command } from "@commander-js/extra-typings";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { probeServer } from "../probe-server.ts";
import { line } from "../render/line.ts";
import { probeLines } from "../render/probe-lines.ts";
import { Terminal } from "../terminal.ts";

export const probeCommand = () =>
  new Command("probe")
    .description("show what the administrator of an existing server may do, and its settings")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, json }) => {
      const terminal = new Terminal({ json });
      const { host, port, tls, facts } = await probeServer({ stack });
      if (json) terminal.printJson({ host, port, tls, ...facts });
      const place = `PostgreSQL ${facts.version} on ${host}:${port}, TLS ${tls}`;
      terminal.print([line(place, "strong"), ...probeLines(facts, terminal.width)]);
    });
