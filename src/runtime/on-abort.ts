/** What a signal may end. */
interface Abortable {
  /** The same work, which rejects with the signal's reason when it aborts. */
  readonly unlessAborted: <T>(work: Promise<T>) => Promise<T>;
  /** No longer listens. */
  readonly forget: () => void;
}

const ENDLESS: Abortable = { unlessAborted: (work) => work, forget: () => undefined };

/** Listens to a signal, if there is one, and when it aborts does something about it first. */
export function onAbort(signal: AbortSignal | undefined, act: () => void): Abortable {
  if (signal === undefined) return ENDLESS;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      act();
      reject(signal.reason as Error);
    };
  });
  aborted.catch(() => undefined);
  const listener = (): void => stop?.();
  signal.addEventListener("abort", listener, { once: true });
  return {
    unlessAborted: (work) => Promise.race([work, aborted]),
    forget: () => {
      signal.removeEventListener("abort", listener);
    },
  };
}
