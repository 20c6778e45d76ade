/**
 * Works on so many things at the same time as there are workers. The first error ends the work, once all are still; it
 * is thrown then.
 */
export async function atOnce<T>(
  things: readonly T[],
  workers: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  // The workers share the iterator: each takes the next thing when it is free.
  const queue = things.values();
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const thing of queue) {
      if (errors.length > 0) return;
      await work(thing).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, things.length) }, worker));
  if (errors.length > 0) throw errors[0];
}
