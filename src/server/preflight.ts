import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TenantryError } from "../core/errors.ts";
import type { Binaries } from "./binaries.ts";
import { program } from "./binaries.ts";
import { run } from "./run.ts";

/**
 * Lets the server's own program read a postgresql.conf, without starting anything: unknown names and bad values
 * are found before the file replaces a good one.
 *
 * @param libraries those of shared_preload_libraries, which only a start would look for
 * @throws {TenantryError} TNT-230 with the program's own words.
 */
export async function preflight(
  binaries: Binaries,
  text: string,
  libraries: readonly string[],
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tenantry-preflight-"));
  try {
    const file = join(directory, "postgresql.conf");
    writeFileSync(file, text);
    // With -C first, and only so, the program also runs as root.
    const args = ["-C", "shared_buffers", "-D", directory, "-c", `config_file=${file}`];
    const { code, output } = await run(program(binaries, "postgres"), args, undefined);
    const problems = [
      ...(code === 0 ? [] : complaints(output.replaceAll(file, "postgresql.conf"))),
      ...libraries
        .filter((library) => !existsSync(libraryFile(binaries, library)))
        .map((library) => `shared_preload_libraries: there is no library "${library}"`),
    ];
    if (problems.length > 0) throw new TenantryError("TNT-230", { problems });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What the program wrote, less timestamps, the summing up and the file that a scratch directory lacks. */
export function complaints(output: string): string[] {
  return output
    .split("\n")
    .map((line) => line.replace(/^.*? \[\d+\] (?:LOG: {2})?/, "").trim())
    .filter((line) => line !== "" && !/skipping missing|contains errors$/.test(line));
}

function libraryFile({ directory }: Binaries, library: string): string {
  const suffix = { darwin: "dylib", win32: "dll" }[process.platform as string] ?? "so";
  const folder = process.platform === "win32" ? "lib" : join("lib", "postgresql");
  return join(directory, folder, `${library}.${suffix}`);
}
