import { CommanderError } from "@commander-js/extra-typings";
import { messageOf, TenantryError } from "../core/errors.ts";
import type { ErrorCode } from "../core/errors.ts";
import { EXIT } from "./exit-codes.ts";
import { withPlainNames } from "./render/failures.ts";
import { createProgram } from "./program.ts";

/** Ctrl-C during a run, and at a question. */
const INTERRUPTIONS: readonly ErrorCode[] = ["TNT-316", "TNT-615"];

const isCoded = (error: unknown): error is TenantryError => error instanceof TenantryError;

/** What an error ends the process with. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const interrupted = isCoded(error) && INTERRUPTIONS.includes(error.code);
  return interrupted ? EXIT.interrupted : EXIT.failed;
}

// A reader that has seen enough (`tenantry list | head -1`), or a terminal that was closed, is no failure: the work goes
// on unheard.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has said what is wrong with the usage.
  if (!(error instanceof CommanderError))
    process.stderr.write(`${withPlainNames(messageOf(error))}\n`);
  process.exitCode = exitCodeOf(error);
}
