import { readdirSync, readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

// The thread behind command-line-watch.ts.

const MILLISECONDS = 10;
const stop = workerData as Int32Array;
const seen = new Set<string>();

function look(): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch (error) {
      // It ended between the list and the look.
      if (!["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
}

look();
parentPort?.postMessage([]);
while (Atomics.load(stop, 0) === 0) {
  look();
  Atomics.wait(stop, 0, 0, MILLISECONDS);
}
parentPort?.postMessage([...seen]);
