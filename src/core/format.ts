const thousands = new Intl.NumberFormat("en-US");

/** A count as read by people: `12,000`. */
export const count = (value: number): string => thousands.format(value);

/** A count with its noun: `1 tenant`, `12,000 tenants`. */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${count(value)} ${value === 1 ? noun : plural}`;

/** A duration: `0.4 s`, `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 119.5) return `${Math.round(seconds)} s`;
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}

/** How long ago something was: `5 min`, `3 h`, `12 days`. */
export function age(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** How long something has been so, in seconds: `0.4 s`, `90 s`, `5 min`, `3 h`, `12 days`. */
export const period = (seconds: number): string =>
  seconds < 119.5 ? duration(Math.max(0, seconds) * 1000) : age(seconds * 1000);

/** A moment in UTC, to the minute: `2026-11-26 20:34`. */
export const moment = (at: Date): string => at.toISOString().slice(0, 16).replace("T", " ");

/** How long a statement took: `0.12 ms`, `35 ms`, and from a second on as other durations. */
export function milliseconds(value: number): string {
  if (value >= 1000) return period(value / 1000);
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** A size in binary units under PostgreSQL's names (1 kB = 1024 bytes), as `pg_size_pretty` shows it. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // pg_size_pretty also keeps a unit up to ten of the next one: 9,216 kB rather than 9 MB.
  while (value >= 10 * 1024 && unit < UNITS.length - 1) {
    value = Math.round(value / 1024);
    unit += 1;
  }
  return `${count(value)} ${UNITS[unit] ?? ""}`;
}

/** How many bytes the unit has in which `size` shows so many. */
export function sizeUnit(bytes: number): number {
  let unit = 1;
  while (bytes / unit >= 10 * 1024 && unit < 1024 ** (UNITS.length - 1)) unit *= 1024;
  return unit;
}
