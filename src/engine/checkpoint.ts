import { createHash } from "node:crypto";
import { TenantryError } from "../core/errors.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { integrityProblem } from "./integrity.ts";
import type { PendingOperation, StoredResource } from "./resource.ts";

/** What a checkpoint says about the stack. */
export interface StateContents {
  readonly resources: readonly StoredResource[];
  readonly pending: readonly PendingOperation[];
}

export interface Checkpoint extends StateContents {
  /** Undefined as long as nothing was ever encrypted for this stack. */
  readonly salt: string | undefined;
  readonly metadata: Properties;
}

/** The layout this engine reads and writes. Version 4 adds features it does not know. */
const VERSION = 3;
/** The engine whose rules the file follows; the CLI checks the pair of version and magic. */
const WRITER = "v3.260.0";

const REFUSED_IN_RESOURCE: Readonly<Record<string, string>> = {
  external: "a resource read with .get()",
  viewOf: "views",
  taint: "tainted resources",
  replaceWith: "replaceWith",
  resourceHooks: "resource hooks",
  replacementTrigger: "replacementTrigger",
};

/** @throws TNT-302 when it is damaged, TNT-303 when it needs what this engine lacks, TNT-304 for other secrets */
export function parseCheckpoint(text: string, file: string): Checkpoint {
  const document = parseJson(text, file);
  const { version, checkpoint } = document;
  if (version !== VERSION)
    throw new TenantryError("TNT-303", {
      file,
      feature: typeof version === "number" ? `version ${version}` : "an unknown version",
    });
  const latest = isObject(checkpoint) ? checkpoint.latest : undefined;
  if (latest === undefined || latest === null)
    return { resources: [], pending: [], salt: undefined, metadata: {} };
  if (!isObject(latest)) throw new TenantryError("TNT-302", { file, reason: "it holds no state" });
  const resources = (latest.resources ?? []) as unknown as StoredResource[];
  const pending = (latest.pending_operations ?? []) as unknown as PendingOperation[];
  if (!Array.isArray(resources) || !Array.isArray(pending) || !resources.every(isObject))
    throw new TenantryError("TNT-302", { file, reason: "its resources are not a list" });
  if (resources.length > 0) {
    refuseUnknownFeatures(resources, file);
    const problem = magicProblem(latest.manifest) ?? integrityProblem(resources);
    if (problem !== undefined) throw new TenantryError("TNT-302", { file, reason: problem });
  }
  const metadata = isObject(latest.metadata) ? latest.metadata : {};
  return { resources, pending, salt: saltOf(latest.secrets_providers, file), metadata };
}

/** The file's text: one line, keys in the CLI's order, nothing that is empty. */
export function formatCheckpoint(
  checkpoint: Checkpoint & { salt: string },
  stack: { project: string; stack: string },
): string {
  const { resources, pending, salt, metadata } = checkpoint;
  return JSON.stringify({
    version: VERSION,
    checkpoint: {
      stack: `organization/${stack.project}/${stack.stack}`,
      latest: {
        manifest: { time: new Date().toISOString(), magic: magicOf(WRITER), version: WRITER },
        secrets_providers: { type: "passphrase", state: { salt } },
        ...(resources.length > 0 && { resources: resources.map(compact) }),
        ...(pending.length > 0 && {
          pending_operations: pending.map(({ resource, type }) => ({
            resource: compact(resource),
            type,
          })),
        }),
        metadata,
      },
    },
  });
}

function parseJson(text: string, file: string): Properties {
  try {
    const document = JSON.parse(text) as unknown;
    if (isObject(document)) return document;
  } catch (cause) {
    const reason = "it is not whole JSON";
    throw new TenantryError("TNT-302", { file, reason }, { cause });
  }
  throw new TenantryError("TNT-302", { file, reason: "it is not a JSON object" });
}

function refuseUnknownFeatures(resources: readonly StoredResource[], file: string): void {
  for (const resource of resources)
    for (const [key, feature] of Object.entries(REFUSED_IN_RESOURCE)) {
      const value: unknown = (resource as unknown as Record<string, unknown>)[key];
      if (isSet(value)) throw new TenantryError("TNT-303", { file, feature });
    }
}

function saltOf(provider: unknown, file: string): string | undefined {
  if (!isObject(provider) || !provider.type) return undefined;
  const { type, state } = provider;
  if (type !== "passphrase")
    throw new TenantryError("TNT-304", { file, provider: JSON.stringify(type) });
  const salt = isObject(state) ? state.salt : undefined;
  if (typeof salt === "string") return salt;
  throw new TenantryError("TNT-302", { file, reason: "its secrets provider has no salt" });
}

const magicOf = (version: string): string => createHash("sha256").update(version).digest("hex");

function magicProblem(manifest: unknown): string | undefined {
  const { magic, version } = isObject(manifest) ? manifest : {};
  return typeof version === "string" && magic === magicOf(version)
    ? undefined
    : "its manifest's magic does not fit its version";
}

const isSet = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== "" &&
  value !== false &&
  !(typeof value === "object" && Object.keys(value).length === 0);

/** Without what is empty, in the CLI's order of keys. */
function compact(resource: StoredResource): StoredResource {
  const { urn, custom, delete: condemned, id, type, inputs, outputs, ...facts } = resource;
  const optional = { delete: condemned, id, type, inputs, outputs, ...facts };
  const kept = Object.entries(optional).filter(([, value]) => isSet(value));
  return { urn, custom, ...Object.fromEntries(kept) } as StoredResource;
}
