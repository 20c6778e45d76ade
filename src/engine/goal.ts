import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb.js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { TenantryError } from "../core/errors.ts";
import { SIGNATURE, UNKNOWN, fromStruct, isObject, mapProperties } from "../protocol/values.ts";
import { secret } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import type { CustomTimeouts } from "./resource.ts";
import { isProviderType } from "./urn.ts";

/** Another URN a resource may have had; what is absent is as it is now. */
export interface Alias {
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
  readonly noParent?: boolean;
}

/** What the program wants of one resource. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly inputs: Properties;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Of the resource's package; empty when the program does not say. */
  readonly version: string;
  /** A provider reference; without it the default provider is meant. */
  readonly provider?: string;
  /** Beats what the plugin says. */
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly deletedWith?: string;
  readonly customTimeouts?: CustomTimeouts;
  readonly aliases: readonly Alias[];
}

const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const REFUSED_VALUES: Readonly<Record<string, string>> = {
  c44067f5952c0a294b673a41bacd8c17: "assets",
  "0def7320c3a5731c473e5ecbe6d01bc7": "archives",
};

/** @throws TNT-308 for what the local engine does not do */
export function readGoal(request: RegisterResourceRequest): Goal {
  const refused = refusedFeature(request);
  if (refused !== undefined) throw new TenantryError("TNT-308", { feature: refused });
  const custom = request.getCustom();
  const type = request.getType();
  const version = request.getVersion();
  const inputs = readInputs(fromStruct(request.getObject()));
  const timeouts = readTimeouts(request.getCustomtimeouts());
  const definesOrder = request.getDeletebeforereplacedefined() || request.getDeletebeforereplace();
  return {
    type,
    name: request.getName(),
    custom,
    inputs: custom && isProviderType(type) ? providerInputs(inputs, request) : inputs,
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    dependencies: request.getDependenciesList(),
    propertyDependencies: readPropertyDependencies(request, inputs),
    version,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map((alias) => readAlias(alias, request.getAliasspecs())),
    ],
    ...(definesOrder && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ...(request.getParent() !== "" && { parent: request.getParent() }),
    ...(request.getProvider() !== "" && { provider: request.getProvider() }),
    ...(request.getDeletedwith() !== "" && { deletedWith: request.getDeletedwith() }),
    ...(timeouts && { customTimeouts: timeouts }),
  };
}

function refusedFeature(request: RegisterResourceRequest): string | undefined {
  const hooks = Object.values(request.getHooks()?.toObject() ?? {});
  if (request.getRemote()) return "remote components";
  if (request.getImportid() !== "") return "the import option";
  if (request.getPackageref() !== "") return "parameterised packages";
  if (request.getTransformsList().length > 0) return "transforms";
  if (request.getReplaceWithList().length > 0) return "replaceWith";
  if (request.hasReplacementTrigger()) return "replacementTrigger";
  if (request.getHidediffsList().length > 0) return "hideDiffs";
  return hooks.some((names) => names.length > 0) ? "resource hooks" : undefined;
}

/** The inputs with an output's known value in its place. @throws TNT-308 for assets and archives */
export function readInputs(inputs: Properties): Properties {
  return mapProperties(inputs, readValue);
}

function readValue(value: Value): Value {
  if (Array.isArray(value)) return (value as readonly Value[]).map(readValue);
  if (!isObject(value)) return value;
  const signature = value[SIGNATURE];
  if (typeof signature !== "string") return mapProperties(value, readValue);
  const refused = REFUSED_VALUES[signature];
  if (refused !== undefined) throw new TenantryError("TNT-308", { feature: refused });
  if (signature !== OUTPUT_VALUE) return mapProperties(value, readValue);
  const known = value.value === undefined ? UNKNOWN : readValue(value.value);
  return value.secret === true ? secret(known) : known;
}

/** The engine's own notes stand under `__internal`, which is there as soon as a version is set. */
function providerInputs(inputs: Properties, request: RegisterResourceRequest): Properties {
  const version = request.getVersion();
  const url = request.getPlugindownloadurl();
  if (version === "" && url === "") return inputs;
  return {
    ...inputs,
    __internal: { ...(url !== "" && { pluginDownloadURL: url }) },
    ...(version !== "" && { version }),
  };
}

/** A program that does not say which property needs which resource means: each needs all. */
function readPropertyDependencies(
  request: RegisterResourceRequest,
  inputs: Properties,
): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    found[property] = dependencies.getUrnsList();
  });
  if (Object.keys(found).length > 0) return found;
  const all = request.getDependenciesList();
  return Object.fromEntries(Object.keys(inputs).map((property) => [property, all]));
}

/**
 * @param isPlain whether the SDK sends what it means. Older ones named no parent where the alias has none, and said
 *   `noParent` where it has the resource's own; the CLI understands them, too
 */
function readAlias(message: AliasMessage, isPlain: boolean): Alias {
  const spec = message.getSpec();
  if (!spec) return { urn: message.getUrn() };
  const given = {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
  };
  const set = Object.entries(given).filter(([, value]) => value !== "");
  const saysNone = spec.getNoparent();
  const noParent = isPlain ? saysNone : !saysNone && given.parent === "";
  return { ...(Object.fromEntries(set) as Alias), noParent };
}

function readTimeouts(
  message: RegisterResourceRequest.CustomTimeouts | undefined,
): CustomTimeouts | undefined {
  if (!message) return undefined;
  const given = {
    create: seconds(message.getCreate()),
    update: seconds(message.getUpdate()),
    delete: seconds(message.getDelete()),
  };
  const set = Object.entries(given).filter(([, value]) => value > 0);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** The seconds of a duration such as `1h30m`, `90s`, `1.5m`. */
function seconds(duration: string): number {
  const parts = duration.matchAll(/([\d.]+)(ms|h|m|s)/g);
  return [...parts].reduce(
    (sum, [, n = "0", unit = "s"]) => sum + Number(n) * (UNITS[unit] ?? 0),
    0,
  );
}
