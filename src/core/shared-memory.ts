import { MEGABYTE, parseMemorySize } from "./memory-size.ts";

/** Statistics of 1,000 tenants with 20 tables each take 45 MB of it, measured on 16.14; Docker gives 64 MB. */
const LEAST_MEGABYTES = 256;
/** What parallel maintenance needs beside its maintenance_work_mem. */
const HEADROOM_MEGABYTES = 64;

/**
 * The megabytes of /dev/shm that a container needs: dynamic shared memory lies there, statistics and what parallel
 * workers share, such as the maintenance_work_mem of a parallel index build.
 */
export function sharedMemoryMegabytes(parameters: Readonly<Record<string, string>>): number {
  const written = parameters.maintenance_work_mem ?? "";
  // A number without unit counts in kB.
  const bytes = parseMemorySize(/^\d+$/.test(written) ? `${written}kB` : written) ?? 0;
  return Math.max(LEAST_MEGABYTES, Math.ceil(bytes / MEGABYTE) + HEADROOM_MEGABYTES);
}
