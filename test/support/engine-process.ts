import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { EngineOrder } from "./engine-child.ts";
import type { TestStack } from "./test-stack.ts";

const CHILD = join(import.meta.dirname, "engine-child.ts");

interface ProcessOptions extends Partial<EngineOrder> {
  readonly env?: NodeJS.ProcessEnv;
  /** Modules loaded before the engine. */
  readonly imports?: readonly string[];
  /** The longest that a file may get, in blocks of 512 bytes. Default: as long as it likes */
  readonly fileBlocks?: number;
}

/** How an engine's process ended. */
interface EngineEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** An engine in a process group of its own, as a shell starts it. */
export class EngineProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<EngineEnding>;
  stderr = "";

  constructor(stack: TestStack, { env, imports = [], fileBlocks, ...order }: ProcessOptions = {}) {
    const { root, stack: name, backend, passphrase, encryptionSalt, config } = stack.options();
    const place = { root, stack: name, backend, passphrase, encryptionSalt, config };
    const limited = `ulimit -f ${fileBlocks ?? "unlimited"}; exec "$0" "$@"`;
    this.child = spawn(
      "/bin/sh",
      [
        ...["-c", limited, process.execPath],
        ...imports.map((file) => `--import=${file}`),
        CHILD,
        JSON.stringify({ operation: "up", ...place, ...order }),
      ],
      {
        stdio: ["ignore", "ignore", "pipe"],
        detached: true,
        env: {
          ...process.env,
          // Half a file of compiled code helps nobody.
          ...(fileBlocks !== undefined && { NODE_DISABLE_COMPILE_CACHE: "1" }),
          ...env,
        },
      },
    );
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(this.child, "close").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stderr: this.stderr,
    }));
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error("the engine was not started");
    return this.child.pid;
  }

  /** A signal to all in the group, as a terminal sends it. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }
}
