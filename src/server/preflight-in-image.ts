import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import { writeFile } from "../system/write-file.ts";
import { runInImage } from "./docker.ts";
import { complaints } from "./preflight.ts";

/** With -C first, and only so, PostgreSQL's program also runs as root. */
const READ = "postgres -C shared_buffers -D /mounted -c config_file=/mounted/postgresql.conf";

/**
 * Like `preflight`, by the program of an image, which may know other settings and libraries than the one here.
 *
 * @throws {TenantryError} TNT-230 with the program's own words.
 */
export async function preflightInImage(
  image: string,
  text: string,
  libraries: readonly string[],
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-preflight-"));
  try {
    // The account in the container is another one.
    chmodSync(directory, 0o755);
    writeFile(join(directory, "postgresql.conf"), text);
    const script = [READ, "code=$?", ...libraries.map(checkLibrary), "exit $code"].join("\n");
    const { ok, output } = await runInImage(image, directory, script);
    const problems = complaints(output.replaceAll("/mounted/", "")).filter(
      (line) => !/^\d+$/.test(line),
    );
    if (!ok) throw new TenantryError("TNT-230", { problems });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Debian's packages keep libraries in lib/ beside bin/, others in lib/postgresql/. */
function checkLibrary(library: string): string {
  const quoted = `'${library.replaceAll("'", String.raw`'\''`)}'`;
  return `lib="$(dirname "$(readlink -f "$(command -v postgres)")")/../lib"
ls "$lib"/${quoted}.so "$lib"/postgresql/${quoted}.so 2>/dev/null | grep -q . || {
  echo "shared_preload_libraries: there is no library "'"'${quoted}'"'; code=1; }`;
}
