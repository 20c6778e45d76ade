import { asMonitor } from "./monitor.ts";
import type { CommandMonitor } from "./monitor.ts";
import { line } from "./render/line.ts";
import type { Line } from "./render/line.ts";
import { Screen } from "./screen.ts";
import { Terminal } from "./terminal.ts";
import { watch } from "./watch.ts";

interface LookOptions {
  readonly stack: string;
  readonly json?: boolean | undefined;
  /** Seconds from one look to the next; once without it. */
  readonly watch?: number | string | true | undefined;
}

/** What a command looks at, and how people read it. */
interface Look<F> {
  readonly read: (monitor: CommandMonitor) => Promise<F>;
  /** The facts as lines that are no wider than `width`; Infinity when another program reads them. */
  readonly lines: (facts: F, width: number) => readonly Line[];
}

/**
 * Shows facts about a running fleet: once, or again and again on the terminal's second screen; to another program as
 * one text after the other, with `--json` as a document a line.
 */
export async function look<F>(
  { stack, json = false, watch: interval }: LookOptions,
  { read, lines }: Look<F>,
): Promise<void> {
  const terminal = new Terminal({ json });
  const show = (facts: F): void => {
    if (json) terminal.printJson(facts);
    else terminal.print(lines(facts, terminal.lineWidth));
  };
  if (interval === undefined) {
    show(await asMonitor({ stack }, read));
    return;
  }
  const seconds = Number(interval);
  const screen = !json && process.stdout.isTTY ? new Screen(process.stdout) : undefined;
  let last: F | undefined;
  const draw = (): void => {
    if (last === undefined) return;
    if (screen === undefined) show(last);
    else screen.draw(terminal.painted(frame(lines(last, terminal.lineWidth), seconds)));
  };
  const redraw = (): void => {
    if (screen !== undefined) draw();
  };
  const reader = { left: false };
  // A stream of the process never counts as destroyed; main.ts judges the error.
  const leave = (): void => {
    reader.left = true;
  };
  process.stdout.on("resize", redraw).on("error", leave);
  try {
    await watch({
      seconds,
      isClosed: () => reader.left,
      connect: (signal, work) =>
        asMonitor({ stack, signal }, (monitor) =>
          work(async () => {
            last = await read(monitor);
            draw();
          }),
        ),
    });
  } finally {
    process.stdout.off("resize", redraw).off("error", leave);
    screen?.leave();
  }
}

/** A look, and above it when it was taken. */
const frame = (shown: readonly Line[], seconds: number): Line[] => [
  line(`every ${seconds} s, ${new Date().toLocaleTimeString("en-GB")}; Ctrl-C ends it`, "quiet"),
  ...shown,
];
