import { dirname } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { LOGIN_ROLES } from "../../settings/settings.ts";
import type { LoginRole } from "../../settings/settings.ts";
import { ENGINE, JSON_OUTPUT, STACK } from "../options.ts";
import { openStack } from "../open-stack.ts";
import type { Stack } from "../open-stack.ts";
import { shellQuote } from "../render/shell-quote.ts";
import { Terminal } from "../terminal.ts";

type Variables = Readonly<Record<string, string>>;

type Output = Readonly<Record<string, unknown>>;

/**
 * How an application connects as a role: with the login that is current.
 *
 * @param outputs of the stack `name`
 * @throws {TenantryError} TNT-608 when the stack was never brought up
 */
export function connectionVariables(
  outputs: Output | undefined,
  name: string,
  role: LoginRole,
): Variables {
  const connection = outputs?.connection as Output | undefined;
  const login = (outputs?.logins as Record<string, Output> | undefined)?.[role];
  if (!connection || !login) throw new TenantryError("TNT-608", { stack: name });
  return {
    DB_HOST: String(connection.host),
    DB_PORT: String(connection.port),
    DB_NAME: String(connection.database),
    DB_USER: String(login.user),
    DB_PASSWORD: String(login.password),
    ...(typeof connection.sslmode === "string" && { DB_SSLMODE: connection.sslmode }),
  };
}

/** What lets the Pulumi CLI continue this stack. The project's own Node must come first for its plugin. */
export const pulumiVariables = ({ backend, passphrase }: Stack): Variables => ({
  PULUMI_BACKEND_URL: backend.url,
  PULUMI_CONFIG_PASSPHRASE: passphrase,
});

/** Variables as lines for `eval`. */
export const shellLines = (variables: Variables, prefix = ""): string[] =>
  Object.entries(variables).map(([name, value]) => `${prefix}${name}=${shellQuote(value)}`);

export const envCommand = () =>
  new Command("env")
    .description("print how to connect (DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD)")
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(
      new Option("--role <role>", "the role to connect as")
        .choices(LOGIN_ROLES)
        .default("user" as const),
    )
    .option("--pulumi", "print what the Pulumi CLI needs to continue this stack, instead")
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      '\nExamples:\n  set -a; eval "$(npx tenantry env)"; set +a\n  eval "$(npx tenantry env --pulumi)" && pulumi preview --stack dev',
    )
    .action(async ({ stack: name, engine, role, pulumi, json }) => {
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine });
      const variables = pulumi
        ? pulumiVariables(stack)
        : connectionVariables(await stack.engine.outputs(), name, role);
      if (json) {
        terminal.printJson(variables);
        return;
      }
      for (const text of shellLines(variables, pulumi ? "export " : "")) terminal.printRaw(text);
      if (pulumi) terminal.printRaw(`export PATH=${shellQuote(dirname(process.execPath))}:"$PATH"`);
    });
