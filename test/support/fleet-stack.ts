import { mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeclaredTenant } from "../../src/core/tenant.ts";
import type { EngineOptions } from "../../src/engine/local-engine.ts";
import { secret } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { scratchDirectory } from "./cluster.ts";
import { inProcess } from "./test-program.ts";

const PLUGIN = join(import.meta.dirname, "..", "..", "src", "provider");

/** Of the passphrase below: deriving a key takes long, and once in a process is enough. */
const SALT = "v1:kjc8hvR8sIk=:v1:dcwBt60t5CbvOT6o:XJ72Vji11dmdK7JDx70xAZ1dvSst+w==";

/** What a stack declares: the tenants of a database whose platform is there already. As JSON it goes to another process. */
export interface DeclaredFleet {
  /** Of the plugin; the password in the clear. */
  readonly configuration: Properties & { readonly password: string };
  readonly tenants: readonly DeclaredTenant[];
  /** SHA-256 of the files of sql/tenant. */
  readonly migrations: Readonly<Record<string, string>>;
}

/** A project with nothing in it but its plugin and sql/. */
export function fleetProject(sqlDirectory: string): string {
  const root = realpathSync(mkdtempSync(join(scratchDirectory("fleet"), "project-")));
  writeFileSync(
    join(root, "Pulumi.yaml"),
    `name: tenantry\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\nplugins:\n  providers:\n    - name: tenantry\n      path: ${PLUGIN}\n`,
  );
  symlinkSync(sqlDirectory, join(root, "sql"));
  return root;
}

/** What the engine is told about the stack of such a project. */
export const fleetOptions = (root: string): EngineOptions => ({
  root,
  stack: "dev",
  backend: join(root, "state"),
  passphrase: "correct horse",
  encryptionSalt: SALT,
  config: {},
  onEvent: () => undefined,
});

/** Declares tenants and their migrations as the project's own program does, one after the other. */
export const fleetProgram = ({ configuration, tenants, migrations }: DeclaredFleet) =>
  inProcess(async (declare) => {
    const provider = await declare.resource(
      "tenantry",
      { ...configuration, password: secret(configuration.password) },
      { type: "pulumi:providers:tenantry" },
    );
    const declared = [];
    for (const { renamedFrom, ...spec } of tenants)
      declared.push(
        await declare.resource(
          spec.id,
          { spec: { ...spec }, ...(renamedFrom !== undefined && { renamedFrom }) },
          {
            type: "tenantry:index:Tenant",
            provider,
            protect: spec.state !== "retired",
            aliases: renamedFrom === undefined ? [] : [{ name: renamedFrom }],
          },
        ),
      );
    await declare.resource(
      "fleet-migrations",
      { tenant: migrations },
      { type: "tenantry:index:FleetMigrations", provider, dependsOn: declared },
    );
  });
