import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { messageOf, TenantryError } from "../core/errors.ts";
import type { Tls } from "../core/tls.ts";

/**
 * What pg needs for a way of encryption. PostgreSQL's own variables of the environment have no say.
 *
 * @param root what the authorities' file is relative to
 * @throws {TenantryError} TNT-420 when the authorities' file cannot be read
 */
export function tlsOptions(tls: Tls | undefined, root = process.cwd()): ConnectionOptions | false {
  if (tls === undefined || tls.mode === "disable") return false;
  if (tls.mode === "require") return { rejectUnauthorized: false };
  const ca = tls.ca === undefined ? {} : { ca: readAuthorities(`${root}/${tls.ca}`, tls.ca) };
  // An authority of one's own vouches for the server by itself: the certificate may name another host.
  return tls.mode === "verify-ca" ? { ...ca, checkServerIdentity: () => undefined } : ca;
}

function readAuthorities(path: string, file: string): string {
  const text = readText(path, file);
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new TenantryError("TNT-420", { file, reason: "it holds no certificate in PEM form" });
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new TenantryError("TNT-420", { file, reason: messageOf(cause) }, { cause });
  }
}
