import { TenantryError } from "../core/errors.ts";
import { interruptible } from "./interruptible.ts";
import { line } from "./render/line.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Does work that goes on where it ended when the same command is run again: Ctrl-C lets it finish what is in flight.
 *
 * @throws {TenantryError} TNT-316 when Ctrl-C ended the work
 */
export async function stoppable<T>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let signal: AbortSignal | undefined;
  try {
    return await interruptible(
      (given) => work((signal = given)),
      () => {
        terminal.note([
          line("Finishing what is in flight. Ctrl-C again stops at once.", "warning"),
        ]);
      },
    );
  } catch (error) {
    if (signal?.aborted === true) throw new TenantryError("TNT-316", {}, { cause: error });
    throw error;
  } finally {
    terminal.endStatus();
  }
}
