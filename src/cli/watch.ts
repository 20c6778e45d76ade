import { setTimeout as sleep } from "node:timers/promises";
import { interruptible } from "./interruptible.ts";

/** What is shown again and again. */
interface Watched {
  /** Seconds between the end of one look and the next. */
  readonly seconds: number;
  /** Opens what the looks need, for as long as the work given to it takes. */
  readonly connect: (
    signal: AbortSignal,
    work: (look: () => Promise<void>) => Promise<void>,
  ) => Promise<void>;
  /** Whether whoever read it went away. */
  readonly isClosed: () => boolean;
}

/** Looks until Ctrl-C, or until nobody reads any more: both are its usual ends. An error ends it, too. */
export async function watch({ seconds, connect, isClosed }: Watched): Promise<void> {
  await interruptible(
    async (signal) => {
      try {
        await connect(signal, async (look) => {
          while (!isClosed()) {
            await look();
            await sleep(seconds * 1000, undefined, { signal });
          }
        });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    () => undefined,
  );
}
