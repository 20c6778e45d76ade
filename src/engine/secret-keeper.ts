import { TenantryError } from "../core/errors.ts";
import { SECRET_SIGNATURE, SIGNATURE, isObject, isSecret, secret } from "../protocol/values.ts";
import { mapProperties, unwrapSecrets } from "../protocol/values.ts";
import type { Value } from "../protocol/values.ts";
import { omit } from "../core/omit.ts";
import type { Passphrase } from "./passphrase.ts";
import type { Resource, StoredResource } from "./resource.ts";

/**
 * Opens and seals the secrets of resources. A secret that did not change keeps its ciphertext, so that an unchanged
 * resource gives an unchanged file.
 */
export class SecretKeeper {
  readonly #passphrase: Passphrase;
  readonly #ciphertexts = new Map<string, string>();

  constructor(passphrase: Passphrase) {
    this.#passphrase = passphrase;
  }

  /** @throws TNT-302 when a ciphertext cannot be read */
  open({ inputs = {}, outputs = {}, ...facts }: StoredResource, slot: number): Resource {
    const open = (value: Value): Value => this.#open(facts.urn, value);
    return {
      ...facts,
      slot,
      inputs: mapProperties(inputs, open),
      outputs: mapProperties(outputs, open),
    };
  }

  seal(resource: Resource): StoredResource {
    const { inputs, outputs, ...facts } = omit(resource, "slot");
    const seal = (value: Value): Value => this.#seal(facts.urn, value);
    return {
      ...facts,
      inputs: mapProperties(inputs, seal),
      outputs: mapProperties(outputs, seal),
    };
  }

  #open(urn: string, value: Value): Value {
    const open = (item: Value): Value => this.#open(urn, item);
    if (Array.isArray(value)) return (value as readonly Value[]).map(open);
    if (!isObject(value)) return value;
    if (value[SIGNATURE] !== SECRET_SIGNATURE) return mapProperties(value, open);
    const ciphertext = typeof value.ciphertext === "string" ? value.ciphertext : "";
    const plain = this.#decrypt(urn, ciphertext);
    this.#ciphertexts.set(`${urn}\0${canonical(plain)}`, ciphertext);
    return secret(plain);
  }

  #seal(urn: string, value: Value): Value {
    const seal = (item: Value): Value => this.#seal(urn, item);
    if (Array.isArray(value)) return (value as readonly Value[]).map(seal);
    if (!isObject(value)) return value;
    if (!isSecret(value)) return mapProperties(value, seal);
    const plain = canonical(unwrapSecrets(value.value));
    const name = `${urn}\0${plain}`;
    const ciphertext = this.#ciphertexts.get(name) ?? this.#passphrase.encrypt(plain);
    this.#ciphertexts.set(name, ciphertext);
    return { [SIGNATURE]: SECRET_SIGNATURE, ciphertext };
  }

  #decrypt(urn: string, ciphertext: string): Value {
    try {
      return JSON.parse(this.#passphrase.decrypt(ciphertext)) as Value;
    } catch (cause) {
      const reason = `a secret of ${urn} cannot be decrypted`;
      throw new TenantryError("TNT-302", { reason }, { cause });
    }
  }
}

/** JSON with sorted keys: one text for one value. */
function canonical(value: Value): string {
  return JSON.stringify(value, (_key, item: Value) =>
    isObject(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
