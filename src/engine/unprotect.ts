import { omit } from "../core/omit.ts";
import { withSession } from "./session.ts";
import type { EngineOptions } from "./session.ts";

/**
 * Lifts the protection of resources in the state.
 *
 * @param isMeant by the URN
 * @returns the URNs of those that were protected
 * @throws {TenantryError} as {@link withSession}
 */
export async function unprotect(
  options: EngineOptions,
  isMeant: (urn: string) => boolean,
): Promise<string[]> {
  return await withSession(options, false, async (session) => {
    const put = session.checkpoint.resources.flatMap((resource, slot) =>
      resource.protect === true && isMeant(resource.urn)
        ? [[slot, omit(resource, "protect")] as const]
        : [],
    );
    if (put.length > 0) await (await session.openWriter())?.record({ put });
    return put.map(([, { urn }]) => urn);
  });
}
