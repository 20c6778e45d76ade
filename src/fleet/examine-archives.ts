import type { Finding } from "../core/doctor/finding.ts";
import { TenantryError } from "../core/errors.ts";
import { findArchives } from "./archive/find-archives.ts";
import type { FleetContext } from "./context.ts";

/** The archives that no book names. A place that does not tell is a finding, too: the rest can be examined without it. */
export async function examineArchives(ctx: FleetContext): Promise<Finding[]> {
  try {
    const { unbooked } = await findArchives(ctx);
    return unbooked.map(({ location, createdAt }) => ({
      code: "DOC-16",
      subject: location,
      found: `of ${createdAt.toISOString()}`,
    }));
  } catch (cause) {
    if (!(cause instanceof TenantryError) || cause.code !== "TNT-703") throw cause;
    return [{ code: "DOC-17", subject: ctx.archives.place, found: cause.message }];
  }
}
