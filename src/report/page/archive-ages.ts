import type { PageTenant } from "./page-data.ts";

const DAY = 86_400;

/** Whether a tenant's newest proven archive is as old as `status` warns of. @param seconds its age */
export const isOldArchive = (seconds: number): boolean => seconds > 7 * DAY;

/** How many tenants' newest proven archives are of which age. */
export function archiveAges(tenants: readonly PageTenant[]) {
  const ages = [
    { label: "up to a day", holds: (seconds: number | null) => seconds !== null && seconds <= DAY },
    {
      label: "up to a week",
      holds: (seconds: number | null) =>
        seconds !== null && seconds > DAY && !isOldArchive(seconds),
    },
    {
      label: "older",
      holds: (seconds: number | null) => seconds !== null && isOldArchive(seconds),
    },
    { label: "none proven", holds: (seconds: number | null) => seconds === null },
  ];
  return ages.map(({ label, holds }) => ({
    label,
    tenants: tenants.filter(({ provenSeconds }) => holds(provenSeconds)).length,
  }));
}
