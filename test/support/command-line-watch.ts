import { Worker } from "node:worker_threads";

/**
 * Notes the arguments of every process of this machine, in a thread of its own: it goes on while the test waits for a
 * command. A process that lives for less than some milliseconds may be missed.
 */
export class CommandLineWatch {
  readonly #worker: Worker;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));

  private constructor() {
    const file = new URL("command-line-worker.ts", import.meta.url);
    this.#worker = new Worker(file, { workerData: this.#stop });
  }

  static async start(): Promise<CommandLineWatch> {
    const watch = new CommandLineWatch();
    await watch.#message();
    return watch;
  }

  /** Ends it, and gives every command line that was seen. */
  async stop(): Promise<string[]> {
    const seen = this.#message();
    Atomics.store(this.#stop, 0, 1);
    Atomics.notify(this.#stop, 0);
    return (await seen) as string[];
  }

  #message(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#worker.once("message", resolve).once("error", reject);
    });
  }
}
