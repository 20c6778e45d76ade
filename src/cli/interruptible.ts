/**
 * Does work that Ctrl-C and SIGTERM end in good order: the first one aborts the signal, a second one ends the process
 * at once, as it would without this.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  onInterrupt: () => void,
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    release();
    onInterrupt();
    controller.abort();
  };
  const release = (): void => {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
