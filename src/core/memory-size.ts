const KILOBYTE = 1024;
/** PostgreSQL's units of memory, largest first: each is 1,024 of the next. */
const UNITS = [
  ["TB", KILOBYTE ** 4],
  ["GB", KILOBYTE ** 3],
  ["MB", KILOBYTE ** 2],
  ["kB", KILOBYTE],
] as const;

export const MEGABYTE = KILOBYTE ** 2;

/** What `parseMemorySize` takes: a number and its unit, "512 MB", "1.5 GB". */
export const MEMORY_SIZE = /^(\d+(?:\.\d+)?)\s*(kB|MB|GB|TB)$/i;

/** The bytes of a size such as "1 GB", with units of 1,024 as in PostgreSQL; undefined when it is none. */
export function parseMemorySize(text: string): number | undefined {
  const [, number, unit] = MEMORY_SIZE.exec(text.trim()) ?? [];
  if (number === undefined || unit === undefined) return undefined;
  const factor = UNITS.find(([name]) => name.toLowerCase() === unit.toLowerCase())?.[1] ?? 1;
  const bytes = Math.round(Number(number) * factor);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A size as postgresql.conf takes it, in the largest unit that keeps it whole: "2GB", "12800kB". */
export function renderMemorySize(bytes: number): string {
  const [unit, factor] = UNITS.find(([, size]) => bytes >= size && bytes % size === 0) ?? ["B", 1];
  return `${bytes / factor}${unit}`;
}
