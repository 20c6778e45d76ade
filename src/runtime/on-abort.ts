/** A promise that rejects when the signal aborts, after something was done about it. */
export function onAbort(
  signal: AbortSignal | undefined,
  act: () => void,
): { readonly aborted: Promise<never>; readonly forget: () => void } {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      act();
      reject(signal?.reason as Error);
    };
  });
  aborted.catch(() => undefined);
  const listener = (): void => stop?.();
  signal?.addEventListener("abort", listener, { once: true });
  return {
    aborted,
    forget: () => {
      signal?.removeEventListener("abort", listener);
    },
  };
}
