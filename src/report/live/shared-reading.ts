/**
 * A reading that is taken once for all who ask at the same time, and again only when the last one is older than a
 * while: however often somebody asks, one is under way at most. A failed one is told to those who waited for it, and
 * the next who asks takes it anew.
 *
 * @param milliseconds how long a reading is good, counted from its end
 */
export function sharedReading<T>(
  read: () => Promise<T>,
  milliseconds: number,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let current: Promise<T> | undefined;
  let goodUntil = Infinity;
  const take = async (): Promise<T> => {
    goodUntil = Infinity;
    try {
      const value = await read();
      goodUntil = now() + milliseconds;
      return value;
    } catch (error) {
      goodUntil = -Infinity;
      throw error;
    }
  };
  return () => {
    if (current === undefined || now() >= goodUntil) current = take();
    return current;
  };
}
