import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { preloadLibraries, renderConfiguration } from "../core/server-configuration.ts";
import type { ConfigurationTexts, ServerConfiguration } from "../core/server-configuration.ts";
import { writeFile } from "../system/write-file.ts";
import { findBinaries } from "./binaries.ts";
import { preflight } from "./preflight.ts";
import { preflightInImage } from "./preflight-in-image.ts";
import { makeOpenDirectory } from "./server-place.ts";

/** The paths of a server's configuration files. */
export interface ConfigFilePaths {
  readonly postgresqlConf: string;
  readonly pgHba: string;
}

export function configFiles(directory: string): ConfigFilePaths {
  return {
    postgresqlConf: join(directory, "postgresql.conf"),
    pgHba: join(directory, "pg_hba.conf"),
  };
}

/**
 * Has a configuration checked by the server's own program.
 *
 * @param image the one with that program; without it, the server is the one from npm
 * @throws {TenantryError} TNT-230
 */
export async function checkConfigFiles(
  configuration: ServerConfiguration,
  image?: string,
): Promise<void> {
  const { postgresqlConf } = renderConfiguration(configuration);
  const libraries = preloadLibraries(configuration.parameters);
  if (image === undefined) await preflight(findBinaries(), postgresqlConf, libraries);
  else await preflightInImage(image, postgresqlConf, libraries);
}

/** Writes both files; each is whole at any time. */
export function writeConfigFiles(directory: string, texts: ConfigurationTexts): void {
  makeOpenDirectory(directory);
  const paths = configFiles(directory);
  writeFile(paths.postgresqlConf, texts.postgresqlConf);
  writeFile(paths.pgHba, texts.pgHba);
}

/** Both files as they are; a missing one counts as empty, two missing ones as none. */
export function readConfigFiles(directory: string): ConfigurationTexts | undefined {
  const paths = configFiles(directory);
  if (!existsSync(paths.postgresqlConf) && !existsSync(paths.pgHba)) return undefined;
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  return { postgresqlConf: read(paths.postgresqlConf), pgHba: read(paths.pgHba) };
}

/** Removes both files, and the server's directory if nothing else is left in it. */
export function removeConfigFiles(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  const parent = dirname(directory);
  if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
}
