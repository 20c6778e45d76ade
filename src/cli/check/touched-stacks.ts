import { isStackName, parseStackFile, PROJECT } from "../../settings/stack-file.ts";
import { stackFileName } from "../../settings/settings-source.ts";
import { tenantsFileOf } from "./declared-tenants.ts";
import type { Revision } from "./revision.ts";

/** What of a stack changed: its list of tenants only, other settings as well, or what runs for every stack. */
export type Touch = "tenants" | "settings" | "program";

export interface TouchedStack {
  readonly stack: string;
  readonly touch: Touch;
}

/** What no plan depends on. */
const WITHOUT_EFFECT =
  /^(?:docs|test|bench|\.github|\.ci)\/|^stacks\/schema\.json$|^[^/]+\.md$|^LICENSE$/;

/**
 * The stacks whose plan may differ between two revisions, and how far the change reaches: a list of tenants is data, a
 * setting may send the administrator's password elsewhere, and anything else is code that would run with the stack's
 * secrets.
 *
 * @throws {TenantryError} TNT-632 when git cannot read a file
 */
export function touchedStacks(base: Revision, head: Revision): TouchedStack[] {
  const files = new Set([...base.files.keys(), ...head.files.keys()]);
  const changed = new Set(
    [...files].filter((file) => base.files.get(file) !== head.files.get(file)),
  );
  const program = [...changed].some(
    (file) => !file.startsWith("stacks/") && !WITHOUT_EFFECT.test(file),
  );
  return [...head.files.keys()]
    .flatMap((file) => /^stacks\/Pulumi\.([^/]+)\.yaml$/.exec(file)?.[1] ?? [])
    .filter(isStackName)
    .sort()
    .flatMap((stack): TouchedStack[] => {
      if (program) return [{ stack, touch: "program" }];
      const touch = touchOf(stack, { base, head, changed });
      return touch === undefined ? [] : [{ stack, touch }];
    });
}

interface Comparison {
  readonly base: Revision;
  readonly head: Revision;
  readonly changed: ReadonlySet<string>;
}

function touchOf(stack: string, { base, head, changed }: Comparison): Touch | undefined {
  const file = stackFileName(stack);
  // Anything but a plain file, such as a link, is not looked into.
  const isPlain = (path: string): boolean => head.files.get(path)?.startsWith("100644 ") === true;
  const after = isPlain(file) ? apartFromTenants(stack, head.read(file)) : undefined;
  if (after === undefined) return changed.has(file) ? "settings" : undefined;
  const { tenantsFile = "" } = after;
  const tenantsChanged = changed.has(tenantsFile);
  if (tenantsChanged && !isPlain(tenantsFile)) return "settings";
  if (!changed.has(file)) return tenantsChanged ? "tenants" : undefined;
  const before = apartFromTenants(stack, base.read(file));
  return before?.rest === after.rest ? "tenants" : "settings";
}

/** A stack file without its tenants; nothing when it cannot be read as one. */
function apartFromTenants(
  stack: string,
  text: string | undefined,
): { rest: string; tenantsFile: string | undefined } | undefined {
  if (text === undefined) return undefined;
  try {
    const { value, config, values } = parseStackFile(stack, text);
    const rest = { ...(value as object), config: { ...config, [`${PROJECT}:tenants`]: undefined } };
    return { rest: JSON.stringify(rest), tenantsFile: tenantsFileOf(values) };
  } catch {
    return undefined;
  }
}
