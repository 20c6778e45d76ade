import { settingsDefinition } from "./definition.ts";
import { readText } from "./read-text.ts";
import { readYaml } from "./read-yaml.ts";
import type { SettingsSource } from "./settings-source.ts";

/**
 * Reads the files that a stack's values are completed with: those in config/, and those that it names.
 *
 * @throws {TenantryError} TNT-113, TNT-114 when one cannot be read
 */
export function readProjectSources(
  root: string,
  values: Readonly<Record<string, unknown>>,
): Omit<SettingsSource, "project" | "stack"> {
  const text = (file: string) => ({ file, text: readText(root, file) });
  const { shape } = settingsDefinition;
  const { data: tenantsFile } = shape.tenantsFile.safeParse(values.tenantsFile);
  const certificate = shape.server.safeParse(values.server).data?.docker?.tls?.certificate;
  return {
    roles: readYaml(root, "config/roles.yaml"),
    masking: readYaml(root, "config/masking.yaml"),
    postgresqlConf: text("config/postgresql.conf"),
    pgHba: text("config/pg_hba.conf"),
    ...(tenantsFile !== undefined && { tenants: readYaml(root, `stacks/${tenantsFile}`) }),
    ...(certificate !== undefined && { certificate: text(`stacks/${certificate}`) }),
  };
}
