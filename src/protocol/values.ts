import type { JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";

/**
 * Property values as Pulumi's gRPC protocol carries them: JSON, with secrets and unknowns as marked values.
 * See sdk/nodejs/runtime/rpc.ts of pulumi/pulumi for the markers.
 */
export type Value = null | boolean | number | string | readonly Value[] | Properties;
export interface Properties {
  readonly [key: string]: Value | undefined;
}

/** The key that marks an object as something other than plain JSON. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** `SIGNATURE`'s value for a secret. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** A value that is not known in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether this is a JSON object (not a list, not null). */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: unknown): value is Properties & { readonly value: Value } {
  return isObject(value) && value[SIGNATURE] === SECRET_SIGNATURE;
}

/** Marks a value as secret; one that is marked already stays as it is. */
export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET_SIGNATURE, value };
}

/** The value without its marks of secrecy, at every depth. */
export function unwrapSecrets(value: Value): Value {
  if (isSecret(value)) return unwrapSecrets(value.value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(unwrapSecrets);
  return isObject(value) ? mapProperties(value, unwrapSecrets) : value;
}

/** Whether a value, or anything in it, satisfies the test. */
export function contains(value: Value | undefined, test: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item: Value) => contains(item, test));
  return isObject(value) && Object.values(value).some((item) => contains(item, test));
}

export const containsUnknown = (value: Value | undefined): boolean =>
  contains(value, (item) => item === UNKNOWN);

export const containsSecret = (value: Value | undefined): boolean => contains(value, isSecret);

/** Applies a function to each property that is there. */
export function mapProperties(
  properties: Properties,
  change: (value: Value, key: string) => Value,
): Properties {
  const changed: Record<string, Value> = {};
  for (const [key, value] of Object.entries(properties))
    if (value !== undefined) changed[key] = change(value, key);
  return changed;
}

/** Whether two values are the same, whatever the order of their keys. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item: Value, index) => sameValue(item, b[index] as Value))
    );
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in b && sameValue(a[key], b[key]))
  );
}

export function toStruct(properties: Properties): Struct {
  return structPb.Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}

export function fromStruct(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : struct.toJavaScript();
}
