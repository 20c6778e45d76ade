import { Command } from "@commander-js/extra-typings";
import { messageOf, TenantryError } from "../../core/errors.ts";
import { explainError, tenantIn } from "../../core/explain/explain-error.ts";
import { explainTenant } from "../../core/explain/explain-tenant.ts";
import type { TenantExplanation } from "../../core/explain/explain-tenant.ts";
import { tenantTraces } from "../../fleet/tenant-traces.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK } from "../options.ts";
import { explanationLines } from "../render/explanation-lines.ts";
import { line } from "../render/line.ts";
import { Terminal } from "../terminal.ts";

/** What is so with a tenant; where the database cannot be asked, why not. */
async function askFor(
  stack: string,
  id: string,
): Promise<{ tenant?: TenantExplanation; unasked?: string }> {
  try {
    return await asAdministrator({ stack }, async (ctx, { tenants }) => ({
      tenant: explainTenant(
        id,
        await tenantTraces(ctx, id),
        tenants.map((declared) => declared.id),
      ),
    }));
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return { unasked: messageOf(error) };
  }
}

export const explainErrorCommand = () =>
  new Command("explain-error")
    .description("explain an error, ours or PostgreSQL's: what it means here, and what to run next")
    .argument("<text>", "the message as it stands in a log, a SQLSTATE, or TNT-nnn")
    .addOption(STACK)
    .addOption(JSON_OUTPUT)
    .addHelpText(
      "after",
      "\nExamples:\n  npx tenantry explain-error 'schema \"tenant_empresa_12\" does not exist'\n  npx tenantry explain-error 53300",
    )
    .action(async (text, { stack, json }) => {
      const terminal = new Terminal({ json });
      const explanations = explainError(text);
      const id = tenantIn(text);
      if (explanations.length === 0 && id === undefined)
        throw new TenantryError("TNT-891", { text });
      const { tenant, unasked } = id === undefined ? {} : await askFor(stack, id);
      if (json) terminal.printJson({ explanations, tenant: tenant ?? null });
      terminal.print(explanationLines(explanations, tenant, terminal.width));
      if (unasked !== undefined)
        terminal.note([
          line(`What became of tenant ${id ?? ""} could not be asked: ${unasked}`, "warning"),
        ]);
    });
