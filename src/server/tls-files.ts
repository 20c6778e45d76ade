import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TLS_FILES } from "../core/container-paths.ts";
import { TenantryError } from "../core/errors.ts";
import { writeFile } from "../system/write-file.ts";
import { fingerprintOf } from "./certificate.ts";
import { runInImage } from "./docker.ts";
import type { KeyPair } from "./private-certificate.ts";
import { makeOpenDirectory } from "./server-place.ts";

interface TlsFiles extends KeyPair {
  /** The stack's own authority, which clients check the certificate by; its key goes into no file. */
  readonly authority?: Pick<KeyPair, "certificate">;
}

/** A name in the folder that PostgreSQL does not read. */
const NEW_KEY = "server.key.new";

/**
 * Writes a server's certificate and key. PostgreSQL takes a key only of its own account, which has another number in
 * each image and none here: a container of the image hands it over, and gives it its place. Until then, and from then
 * on, no other account can read it.
 *
 * @throws {TenantryError} TNT-242 with what the image's shell said
 */
export async function writeTlsFiles(
  directory: string,
  image: string,
  { certificate, key, authority }: TlsFiles,
): Promise<void> {
  makeOpenDirectory(directory);
  const authorityFile = join(directory, TLS_FILES.authority);
  if (authority === undefined) rmSync(authorityFile, { force: true });
  else writeFile(authorityFile, authority.certificate);
  try {
    writeFile(join(directory, NEW_KEY), key, 0o600);
    writeFile(join(directory, TLS_FILES.certificate), certificate);
    const { ok, output } = await runInImage(
      image,
      directory,
      `cd /mounted && chown postgres:postgres ${NEW_KEY} && mv -f ${NEW_KEY} ${TLS_FILES.key} && sync ${TLS_FILES.key}`,
      { writable: true },
    );
    if (!ok) throw new TenantryError("TNT-242", { directory, reason: output.trim() });
  } finally {
    rmSync(join(directory, NEW_KEY), { force: true });
  }
}

/** The fingerprint of the certificate in a folder; undefined when it, or its key, is gone or unreadable. */
export function tlsFilesFingerprint(directory: string): string | undefined {
  const certificate = join(directory, TLS_FILES.certificate);
  if (!existsSync(certificate) || !existsSync(join(directory, TLS_FILES.key))) return undefined;
  try {
    return fingerprintOf(readFileSync(certificate, "utf8"));
  } catch {
    return undefined;
  }
}

export function removeTlsFiles(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
