import { parseStackFile, PROJECT } from "../../settings/stack-file.ts";
import { parseYaml } from "../../settings/read-yaml.ts";
import { stackFileName } from "../../settings/settings-source.ts";

/** A tenant as some revision declares it. */
export interface DeclaredTenant {
  readonly id: string;
  readonly state: string;
  readonly renamedFrom?: string;
  readonly file: string;
  readonly line: number | undefined;
}

export interface DeclaredStack {
  readonly disposable: boolean;
  readonly tenants: readonly DeclaredTenant[];
}

/** What of an entry matters here; what is wrong with it is for the check of the settings to say. */
function partOf(entry: unknown): Omit<DeclaredTenant, "file" | "line"> | undefined {
  if (typeof entry === "string") return { id: entry, state: "active" };
  const { id, state, renamedFrom } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== "string") return undefined;
  return {
    id,
    state: typeof state === "string" ? state : "active",
    ...(typeof renamedFrom === "string" && { renamedFrom }),
  };
}

function tenantsOf(
  list: unknown,
  { file, lineOf }: { file: string; lineOf: (index: number) => number | undefined },
): DeclaredTenant[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown, index) => {
    const tenant = partOf(entry);
    return tenant ? [{ ...tenant, file, line: lineOf(index) }] : [];
  });
}

/** The file that a stack file names for more tenants, relative to the project. */
export function tenantsFileOf(values: Readonly<Record<string, unknown>>): string | undefined {
  return typeof values.tenantsFile === "string" ? `stacks/${values.tenantsFile}` : undefined;
}

/**
 * What a stack declares in some revision.
 *
 * @param read the text of a file of that revision
 * @returns nothing when it has no such stack
 * @throws {TenantryError} TNT-110, TNT-113 when a file of it is no YAML, or no stack file
 */
export function declaredStack(
  stack: string,
  read: (file: string) => string | undefined,
): DeclaredStack | undefined {
  const file = stackFileName(stack);
  const text = read(file);
  if (text === undefined) return undefined;
  const { values, lineOf } = parseStackFile(stack, text);
  const inStack = tenantsOf(values.tenants, {
    file,
    lineOf: (index) => lineOf(["config", `${PROJECT}:tenants`, index]),
  });
  const moreFile = tenantsFileOf(values);
  const moreText = moreFile === undefined ? undefined : read(moreFile);
  if (moreFile === undefined || moreText === undefined)
    return { disposable: values.disposable === true, tenants: inStack };
  const more = parseYaml(moreFile, moreText);
  const inFile = tenantsOf(more.value, {
    file: moreFile,
    lineOf: (index) => more.lineOf([index]),
  });
  return { disposable: values.disposable === true, tenants: [...inStack, ...inFile] };
}
