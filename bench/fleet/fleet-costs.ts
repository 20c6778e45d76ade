import type { Cost } from "./cost.ts";

/** What is measured of a fleet, in this order. */
export const STEPS = ["bulk", "one more", "one less", "nothing", "preview"] as const;
export type Step = (typeof STEPS)[number];

/** A cost, or why there is none. */
export type Measured = Cost | { readonly failed: string };

/** One way to keep a fleet, measured. */
export interface FleetCosts {
  /** The way, such as "bare pg". */
  readonly way: string;
  readonly costs: Partial<Record<Step, Measured>>;
}

/** Repeats what takes less than a minute. */
const SHORT_SECONDS = 60;
const TIMES = 3;

/** The cheapest of three, or of one that took a minute. */
export async function cheapest(measure: (time: number) => Promise<Cost>): Promise<Cost> {
  let best = await measure(0);
  for (let time = 1; time < TIMES && best.seconds < SHORT_SECONDS; time += 1) {
    const next = await measure(time);
    if (next.seconds < best.seconds) best = next;
  }
  return best;
}
