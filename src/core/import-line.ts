/** A role or a database that is there already. */
export interface TakenName {
  readonly kind: "role" | "database";
  readonly name: string;
}

const TYPES = {
  role: "postgresql:index/role:Role",
  database: "postgresql:index/database:Database",
};

/**
 * The command by which Pulumi's own CLI takes an object over into a stack.
 *
 * @param stack `<project>/<stack>`
 */
export function importLine({ kind, name }: TakenName, stack: string): string {
  const [project = "", stackName = ""] = stack.split("/");
  const platform = `urn:pulumi:${stackName}::${project}::tenantry:index:Platform`;
  return [
    `pulumi import ${TYPES[kind]} ${kind}-${name} ${name} --stack ${stackName} --yes --generate-code=false`,
    `--parent 'platform=${platform}::platform'`,
    `--provider 'postgresql=${platform}$pulumi:providers:postgresql::postgresql'`,
  ].join(" ");
}
