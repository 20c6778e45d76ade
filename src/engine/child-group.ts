import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { guardGroup } from "./survivor-guard.ts";

/** Every child that may still run: none outlives this process, which ends those that are left by itself if it can. */
const running = new Set<ChildGroup>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** How long what a process wrote may still take to arrive after its end. */
const LAST_WORDS_MS = 250;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not even start. */
  readonly error?: Error;
}

/**
 * A child process in a group of its own: Ctrl-C in the terminal reaches the engine only, which decides what is
 * finished first, and a signal to the group also reaches what a wrapper script started.
 */
export class ChildGroup {
  readonly process: ChildProcess;
  readonly ended: Promise<Ending>;
  #ending: Ending | undefined;

  constructor(
    file: string,
    args: readonly string[],
    options: { cwd: string; env: NodeJS.ProcessEnv },
  ) {
    this.process = spawn(file, args, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    running.add(this);
    const release = this.process.pid === undefined ? undefined : guardGroup(this.process.pid);
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending): void => {
        if (this.#ending) return;
        this.#ending = ending;
        // A wrapper may have left others in its group.
        this.kill("SIGKILL");
        running.delete(this);
        release?.();
        resolve(ending);
      };
      this.process.once("error", (error) => {
        end({ code: null, signal: null, error });
      });
      this.process.once("exit", (code, signal) => {
        // At "close" all that it wrote has been read; it never comes while a server it started keeps its output.
        const timer = setTimeout(end, LAST_WORDS_MS, { code, signal });
        this.process.once("close", () => {
          clearTimeout(timer);
          end({ code, signal });
        });
      });
    });
  }

  /** Undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  kill(signal: NodeJS.Signals): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.process.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // Gone already.
    }
  }

  /** Ends it: asks with SIGINT, as Pulumi does, and after `patienceMs` makes it. */
  async end(patienceMs: number): Promise<void> {
    if (this.#ending) return;
    this.kill("SIGINT");
    const timer = setTimeout(() => {
      this.kill("SIGKILL");
    }, patienceMs);
    await this.ended;
    clearTimeout(timer);
  }
}

/** Calls back with each line that comes, the last one too if no line end follows. */
export function onLines(
  stream: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream?.once("end", () => {
    if (rest !== "") onLine(rest);
  });
}
