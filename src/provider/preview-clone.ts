import { TenantryError } from "../core/errors.ts";
import type { TenantClone } from "../core/tenant.ts";
import { checkClone } from "../fleet/clone/check-clone.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import type { Session } from "./session.ts";

/**
 * Refuses in a preview what the run would refuse. What cannot be known yet is left to the run: everything while no
 * server answers, and what is in a source that the same run makes or renames.
 *
 * @throws {TenantryError} as `checkClone`
 */
export async function previewClone(
  session: Session,
  clone: TenantClone,
  signal: AbortSignal,
): Promise<void> {
  const planned = session.declared.get(clone.from)?.spec;
  if (planned?.state === "retired") throw new TenantryError("TNT-427", { from: clone.from });
  try {
    await unlessGone(() => checkClone(session.fleet(signal), clone));
  } catch (error) {
    const isUnknown =
      error instanceof TenantryError &&
      (error.code === "TNT-401" || (planned !== undefined && error.code === "TNT-426"));
    if (!isUnknown) throw error;
  }
}
