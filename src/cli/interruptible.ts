/**
 * Does work that Ctrl-C, SIGTERM and a terminal that closes end in good order: the first signal aborts, a second Ctrl-C or
 * SIGTERM ends the process at once, as it would without this. A closed terminal sends SIGHUP more than once.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onInterrupt: () => void,
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) return;
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    onInterrupt();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
