import { dirname } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { TenantryError } from "../../core/errors.ts";
import { ENGINE, JSON_OUTPUT, STACK } from "../options.ts";
import { openStack } from "../open-stack.ts";
import type { Stack } from "../open-stack.ts";
import { shellQuote } from "../render/shell-quote.ts";
import { Terminal } from "../terminal.ts";

type Variables = Readonly<Record<string, string>>;

/**
 * How an application connects, as the application's role.
 *
 * @throws {TenantryError} TNT-608 when the stack was never brought up
 */
export async function connectionVariables({ engine, name }: Stack): Promise<Variables> {
  const outputs = await engine.outputs();
  const connection = outputs?.connection as Record<string, unknown> | undefined;
  if (connection === undefined) throw new TenantryError("TNT-608", { stack: name });
  return {
    DB_HOST: String(connection.host),
    DB_PORT: String(connection.port),
    DB_NAME: String(connection.database),
    DB_USER: String(connection.user),
    DB_PASSWORD: String(connection.password),
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
    .option("--pulumi", "print what the Pulumi CLI needs to continue this stack, instead")
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      '\nExamples:\n  set -a; eval "$(npx tenantry env)"; set +a\n  eval "$(npx tenantry env --pulumi)" && pulumi preview --stack dev',
    )
    .action(async ({ stack: name, engine, pulumi, json }) => {
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine });
      const variables = pulumi ? pulumiVariables(stack) : await connectionVariables(stack);
      if (json) {
        terminal.printJson(variables);
        return;
      }
      for (const text of shellLines(variables, pulumi ? "export " : "")) terminal.printRaw(text);
      if (pulumi) terminal.printRaw(`export PATH=${shellQuote(dirname(process.execPath))}:"$PATH"`);
    });
