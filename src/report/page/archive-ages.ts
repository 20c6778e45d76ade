import { OLD_ARCHIVE } from "../../fleet/monitor/judge-status.ts";
import type { PageTenant } from "./page-data.ts";

const DAY = 86_400;

/** An age of archives, by the seconds of the newest proven one; null is none. */
interface ArchiveAge {
  readonly label: string;
  readonly holds: (seconds: number | null) => boolean;
  readonly attention: boolean;
}

const between = (from: number, to: number) => (seconds: number | null) =>
  seconds !== null && seconds > from && seconds <= to;

const AGES: readonly ArchiveAge[] = [
  { label: "up to a day", holds: between(-Infinity, DAY), attention: false },
  { label: "up to a week", holds: between(DAY, OLD_ARCHIVE), attention: false },
  { label: "older", holds: between(OLD_ARCHIVE, Infinity), attention: true },
  { label: "none proven", holds: (seconds) => seconds === null, attention: true },
];

/** How many tenants' newest proven archives are of which age, and whether somebody should look. */
export const archiveAges = (tenants: readonly PageTenant[]) =>
  AGES.map(({ label, holds, attention }) => {
    const count = tenants.filter(({ provenSeconds }) => holds(provenSeconds)).length;
    return { label, tenants: count, attention: attention && count > 0 };
  });
