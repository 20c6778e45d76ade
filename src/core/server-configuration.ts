import { createHash } from "node:crypto";
import { parsePostgresqlConf, renderPostgresqlConf } from "./postgresql-conf.ts";
import { isStartOnly } from "./start-only-settings.ts";

/** What a server's two configuration files say. */
export interface ServerConfiguration {
  /** Settings of postgresql.conf by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Records of pg_hba.conf; the first that matches decides. */
  readonly hba: readonly string[];
}

/** The two files, as text. */
export interface ConfigurationTexts {
  readonly postgresqlConf: string;
  readonly pgHba: string;
}

const header = (source: string): string =>
  `# Written by tenantry; changes made here are overwritten. Edit ${source} instead.\n`;

export function renderConfiguration({ parameters, hba }: ServerConfiguration): ConfigurationTexts {
  return {
    postgresqlConf: header("config/postgresql.conf") + renderPostgresqlConf(parameters),
    pgHba: header("config/pg_hba.conf") + hba.map((record) => `${record}\n`).join(""),
  };
}

/** What the files say, in the form they are rendered from. What cannot be read counts as not there. */
export function parseConfiguration(texts: ConfigurationTexts): ServerConfiguration {
  const { settings } = parsePostgresqlConf(texts.postgresqlConf);
  return {
    parameters: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
    hba: texts.pgHba.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line)),
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Identifies the contents of both files. */
export function configurationDigest({ postgresqlConf, pgHba }: ConfigurationTexts): string {
  return sha256(JSON.stringify([postgresqlConf, pgHba]));
}

/** Identifies the settings that PostgreSQL takes only at start: when it changes, the server needs a restart. */
export function startDigest(parameters: ServerConfiguration["parameters"]): string {
  const startOnly = Object.entries(parameters).filter(([name]) => isStartOnly(name));
  return sha256(JSON.stringify(startOnly.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** The libraries a configuration loads at start. */
export function preloadLibraries({
  shared_preload_libraries = "",
}: Readonly<Record<string, string>>): string[] {
  return shared_preload_libraries
    .split(",")
    .map((name) => name.trim().replace(/^"(.*)"$/, "$1"))
    .filter((name) => name !== "");
}
