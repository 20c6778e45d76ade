/** A text file of the project, read. `file` is relative to the project. */
export interface TextSource {
  readonly file: string;
  readonly text: string;
}

/** A YAML file of the project, read. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** What stands before its paths in messages: `tenantry:`. Default: nothing. */
  readonly prefix?: string;
  /** The line of what stands at a path, from 1. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/** What settings are made from, beside the stack's own values. */
export interface SettingsSource {
  readonly project: string;
  readonly stack: string;
  /** Where the values come from, for messages. Default: `stacks/Pulumi.<stack>.yaml`. */
  readonly file?: string;
  readonly lineOf?: YamlSource["lineOf"];
  /** config/roles.yaml. */
  readonly roles?: YamlSource;
  /** config/masking.yaml. */
  readonly masking?: YamlSource;
  /** What the setting `tenantsFile` names. */
  readonly tenants?: YamlSource;
  /** config/postgresql.conf. */
  readonly postgresqlConf?: TextSource;
  /** config/pg_hba.conf. */
  readonly pgHba?: TextSource;
  /** What the setting `server.docker.tls.certificate` names. */
  readonly certificate?: TextSource;
}

export function stackFileName(stack: string): string {
  return `stacks/Pulumi.${stack}.yaml`;
}
