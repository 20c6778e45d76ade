import { InvalidArgumentError } from "@commander-js/extra-typings";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `90s`, `10m`, `2h` or `7d`, in seconds. */
export function readDuration(text: string): number {
  const [, digits, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS[unit] ?? NaN);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError("It must be a duration such as 90s, 10m, 2h or 7d.");
}
