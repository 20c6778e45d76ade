const DAY_MS = 24 * 60 * 60 * 1000;

/** When a tenant was retired, and what time it is, both by the database's clock. */
export interface Retirement {
  readonly id: string;
  readonly retiredAt: Date;
  readonly now: Date;
}

/**
 * From when a retired tenant may be removed; undefined when it may be now. A clock that went back only makes the wait
 * longer: the books never note a retirement before anything else that they know.
 *
 * @param days of 24 hours each for which it stays retired
 */
export function removableFrom(
  { retiredAt, now }: Pick<Retirement, "retiredAt" | "now">,
  days: number,
): Date | undefined {
  const from = new Date(retiredAt.getTime() + days * DAY_MS);
  return days > 0 && now < from ? from : undefined;
}

/** A moment as people and machines read it, in UTC; a part of a second counts as a whole one. */
export const showMoment = (at: Date): string =>
  new Date(Math.ceil(at.getTime() / 1000) * 1000).toISOString().replace(".000Z", "Z");
