import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { TenantryError } from "../core/errors.ts";
import type { Line, Tone } from "./render/line.ts";

/** Columns of a terminal that does not say how many it has, and of a file. */
const DEFAULT_WIDTH = 80;

const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0] | undefined>> = {
  plain: undefined,
  quiet: "dim",
  strong: "bold",
  add: "green",
  change: "yellow",
  remove: ["bold", "red"],
  warning: "yellow",
  error: "red",
};

/** The process's standard streams, as far as commands need them; colours as the terminal and NO_COLOR say. */
export class Terminal {
  /** Prints results as JSON, and nothing for people on stdout. */
  readonly json: boolean;
  readonly #silent: boolean;
  #status = "";

  /** @param options `silent`: the command prints its own result, in a form that nothing may stand beside */
  constructor({ json = false, silent = false }: { json?: boolean | undefined; silent?: boolean }) {
    this.json = json;
    this.#silent = silent;
  }

  get width(): number {
    return process.stdout.isTTY ? process.stdout.columns || DEFAULT_WIDTH : DEFAULT_WIDTH;
  }

  /** How long a line of a table may be: another program gets whole lines. */
  get lineWidth(): number {
    return process.stdout.isTTY ? this.width : Infinity;
  }

  /** Lines in the colours of stdout. */
  painted(lines: readonly Line[]): string[] {
    return lines.map(({ tone, text }) => paint(tone, text, process.stdout));
  }

  /** Whether somebody is there to answer. */
  get interactive(): boolean {
    return process.stdin.isTTY && process.stderr.isTTY;
  }

  /** Whether there is a line that shows how far things are; a log has none. */
  get hasStatus(): boolean {
    return process.stderr.isTTY;
  }

  /** A result for people; with `--json`, nothing. */
  print(lines: readonly Line[]): void {
    if (this.json || this.#silent || lines.length === 0) return;
    this.#aside(() => {
      for (const text of this.painted(lines)) process.stdout.write(`${text}\n`);
    });
  }

  /** A result for programs, as one line of JSON. */
  printJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** A result that is the same for both, such as shell lines. */
  printRaw(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** What people should know but is no result: on stderr, also with `--json`. */
  note(lines: readonly Line[]): void {
    if (lines.length === 0) return;
    this.#aside(() => {
      for (const { tone, text } of lines)
        process.stderr.write(`${paint(tone, text, process.stderr)}\n`);
    });
  }

  /** Shows a line that the next one replaces; nothing unless stderr is a terminal. */
  status(text: string): void {
    if (!this.hasStatus) return;
    this.#status = text;
    process.stderr.write(`\r${paint("quiet", text, process.stderr)}\u001b[K`);
  }

  /** Takes the status line away. */
  endStatus(): void {
    if (this.#status === "") return;
    this.#status = "";
    process.stderr.write("\r\u001b[K");
  }

  /**
   * Asks a question that only "yes" or "y" agrees to.
   *
   * @throws {TenantryError} TNT-615 on Ctrl-C
   */
  async ask(question: string): Promise<boolean> {
    return /^y(es)?$/i.test(await this.askText(`${question} (yes/no)`));
  }

  /**
   * Asks for a text; nothing when the input ends.
   *
   * @throws {TenantryError} TNT-615 on Ctrl-C
   */
  async askText(question: string): Promise<string> {
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        prompt.once("SIGINT", () => {
          reject(new TenantryError("TNT-615", {}));
        });
        prompt.once("close", () => {
          resolve("");
        });
        void prompt.question(`${question} `).then(resolve);
      });
      return answer.trim();
    } finally {
      prompt.close();
    }
  }

  #aside(write: () => void): void {
    const status = this.#status;
    this.endStatus();
    write();
    if (status !== "") this.status(status);
  }
}

function paint(tone: Tone, text: string, stream: NodeJS.WriteStream): string {
  const style = STYLES[tone];
  return style === undefined ? text : styleText(style, text, { stream });
}
