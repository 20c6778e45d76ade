import {
  createCipheriv,
  createDecipheriv,
  createHash,
  pbkdf2 as pbkdf2Callback,
  randomBytes,
} from "node:crypto";
import { promisify } from "node:util";
import { TenantryError } from "../core/errors.ts";

const pbkdf2 = promisify(pbkdf2Callback);

// The format is the Pulumi CLI's (sdk/go/common/resource/config/crypt.go): both engines read each other's secrets.
const ROUNDS = 1_000_000;
const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PROOF = "pulumi";

/** Deriving takes about 0.3 s: once a process for each passphrase and salt. */
const keys = new Map<string, Promise<Buffer>>();

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  const digest = createHash("sha256").update(passphrase).digest("base64");
  const name = `${salt.toString("base64")}:${digest}`;
  const key = keys.get(name) ?? pbkdf2(passphrase, salt, ROUNDS, KEY_BYTES, "sha256");
  keys.set(name, key);
  return key;
}

/** Encrypts and decrypts with a passphrase, as the Pulumi CLI's `passphrase` secrets provider does. */
export class Passphrase {
  /** `v1:SALT:v1:NONCE:PROOF`, a stack file's `encryptionsalt`; it proves the passphrase and holds no secret. */
  readonly salt: string;
  readonly #key: Buffer;

  private constructor(key: Buffer, salt: string) {
    this.#key = key;
    this.salt = salt;
  }

  /** @throws TNT-301 when the passphrase is not the one the salt was made with */
  static async open(passphrase: string, salt: string): Promise<Passphrase> {
    const [version, bytes = "", ...proof] = salt.split(":");
    if (version !== "v1") throw new TenantryError("TNT-301", {});
    const opened = new Passphrase(await deriveKey(passphrase, Buffer.from(bytes, "base64")), salt);
    try {
      if (opened.decrypt(proof.join(":")) === PROOF) return opened;
    } catch (cause) {
      throw new TenantryError("TNT-301", {}, { cause });
    }
    throw new TenantryError("TNT-301", {});
  }

  /** With a new random salt. */
  static async create(passphrase: string): Promise<Passphrase> {
    const salt = randomBytes(SALT_BYTES);
    const key = await deriveKey(passphrase, salt);
    const proof = new Passphrase(key, "").encrypt(PROOF);
    return new Passphrase(key, `v1:${salt.toString("base64")}:${proof}`);
  }

  /** `v1:NONCE:CIPHERTEXT` in base64, AES-256-GCM, the tag at the end. */
  encrypt(plain: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const sealed = [cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()];
    return `v1:${nonce.toString("base64")}:${Buffer.concat(sealed).toString("base64")}`;
  }

  /** @throws {Error} when the text is damaged or was encrypted with another key */
  decrypt(sealed: string): string {
    const [version, nonce = "", text = ""] = sealed.split(":");
    if (version !== "v1") throw new Error("not a ciphertext of version v1");
    const bytes = Buffer.from(text, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(plain).toString("utf8");
  }
}
