import { randomBytes } from "node:crypto";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { messageOf } from "../../core/errors.ts";
import { readStatus } from "../../fleet/monitor/read-status.ts";
import { createLiveServer } from "../../report/live/live-server.ts";
import { sharedReading } from "../../report/live/shared-reading.ts";
import { PROMETHEUS_TYPE, prometheusText } from "../../report/metrics.ts";
import { readPageData } from "../../report/page/read-page-data.ts";
import { renderPage } from "../../report/page/render-page.ts";
import { serverParameters } from "../../settings/server-parameters.ts";
import { loadStackFile, PROJECT, settingsOfStack } from "../../settings/stack-file.ts";
import { listenUntilInterrupted } from "../listen.ts";
import { repeatedMonitor } from "../monitor.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { PROJECT_ROOT as root } from "../project-root.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

/** Below the ports that systems give to whoever asks for any. */
const DEFAULT_PORT = 14320;

/** How long a reading is good: several who look, or scrape, cost the server as much as one. */
const READING_MS = 5_000;

/** How often an open page asks for what changed. */
const REFRESH_SECONDS = 10;

/** The page says itself what it may load: nothing but its own style and script, and its successor. */
const PAGE_HEADERS = { "Content-Security-Policy": "frame-ancestors 'none'" };

/** Nobody guesses 256 bits. */
const TOKEN_BYTES = 32;

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a port from 1 to 65535, or 0 for any that is free.");
}

export const serveCommand = () =>
  new Command("serve")
    .description(
      "serve the page of report, live, and the metrics on 127.0.0.1, to whoever has the token that it prints",
    )
    .addOption(
      new Option("-p, --port <number>", "where it listens")
        .default(DEFAULT_PORT)
        .argParser(readPort),
    )
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .action(async ({ port: wanted, stack, json }) => {
      const terminal = new Terminal({ json });
      const look = await repeatedMonitor({ stack });
      const token = randomBytes(TOKEN_BYTES).toString("base64url");
      const declared = serverParameters(
        settingsOfStack({ root, stackFile: loadStackFile({ root, stack }) }),
      );
      const metrics = sharedReading(
        () =>
          look(async (monitor) =>
            prometheusText(await readStatus(monitor, monitor.sqlDirectory), `${PROJECT}/${stack}`),
          ),
        READING_MS,
      );
      const page = sharedReading(async () => {
        const data = await look((monitor) =>
          readPageData(monitor, { sqlDirectory: monitor.sqlDirectory, declared }),
        );
        return renderPage(data, { refreshSeconds: REFRESH_SECONDS });
      }, READING_MS);
      const server = createLiveServer({
        token,
        views: {
          "/": { type: "text/html; charset=utf-8", headers: PAGE_HEADERS, text: page },
          "/metrics": { type: PROMETHEUS_TYPE, text: metrics },
        },
        onError: (error) => {
          terminal.note([line(`  ${messageOf(error)}`, "warning")]);
        },
      });
      await listenUntilInterrupted(server, wanted, (port) => {
        const address = `http://127.0.0.1:${port}`;
        if (json) terminal.printJson({ address, port, token });
        terminal.print([
          line(`  ${address}/?token=${token}`, "strong"),
          line(`  metrics  ${address}/metrics, with the token as Authorization: Bearer`),
          line("  Only this machine sees it, and nothing can be changed. Ctrl-C ends it.", "quiet"),
        ]);
      });
    });
