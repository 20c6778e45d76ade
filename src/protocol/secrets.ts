import {
  containsSecret,
  isObject,
  isSecret,
  mapProperties,
  secret,
  unwrapSecrets,
} from "./values.ts";
import type { Properties, Value } from "./values.ts";

/** The properties without any mark of secrecy. */
export function plainProperties(properties: Properties): Properties {
  return mapProperties(properties, unwrapSecrets);
}

/**
 * Marks as secret what is secret at the same place of `source`. Where the two differ in shape, so that a secret's
 * place cannot be told, all of the value becomes secret.
 */
export function keepSecrets(value: Value, source: Value | undefined): Value {
  if (!containsSecret(source)) return value;
  if (isSecret(source)) return secret(unwrapSecrets(value));
  if (Array.isArray(value) && Array.isArray(source) && value.length === source.length)
    return value.map((item: Value, index) => keepSecrets(item, source[index] as Value));
  if (isObject(value) && !isSecret(value) && isObject(source))
    return keepSecretProperties(value, source);
  return secret(unwrapSecrets(value));
}

/** `keepSecrets` for whole property maps. */
export function keepSecretProperties(properties: Properties, source: Properties): Properties {
  return mapProperties(properties, (value, key) => keepSecrets(value, source[key]));
}
