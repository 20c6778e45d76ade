/** One measured value. */
export interface Figure {
  readonly name: string;
  readonly seconds: number;
  /** What it is compared with, measured in the same run: machines differ, ratios less so. */
  readonly against?: string;
  readonly ratio?: number;
  /** The ratio that must not be exceeded. */
  readonly limit?: number;
  /** What was promised on 2 idle cores, in seconds. */
  readonly goal?: number;
}

/** How long something took, in seconds. */
export async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** The middle one of several measurements, which one slow run does not move. */
export async function median(times: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let run = 0; run < times; run += 1) values.push(await measure());
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
