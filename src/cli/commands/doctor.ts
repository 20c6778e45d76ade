import { Command } from "@commander-js/extra-typings";
import type { Finding } from "../../core/doctor/finding.ts";
import { FINDINGS } from "../../core/doctor/finding-table.ts";
import { TenantryError } from "../../core/errors.ts";
import type { FleetContext } from "../../fleet/context.ts";
import { listTenants } from "../../fleet/list-tenants.ts";
import { listPartitions } from "../../fleet/partitions/list-partitions.ts";
import { examineFleet } from "../../fleet/examine-fleet.ts";
import { repairFleet } from "../../fleet/repair-fleet.ts";
import { recordExamination } from "../../fleet/record-examination.ts";
import type { RepairedFleet } from "../../fleet/repair-fleet.ts";
import { tlsOptions } from "../../postgres/tls-options.ts";
import type { Settings } from "../../settings/settings.ts";
import { asAdministrator } from "../administrator.ts";
import { JSON_OUTPUT, STACK, YES } from "../options.ts";
import { probeIsolation } from "../probe-isolation.ts";
import type { ProbedTenant } from "../probe-isolation.ts";
import { PROJECT_ROOT } from "../project-root.ts";
import { findingLines, meaningLines } from "../render/finding-lines.ts";
import { counted } from "../../core/format.ts";
import { line } from "../render/line.ts";
import { roleLogin } from "../role-login.ts";
import { Terminal } from "../terminal.ts";

/** A finding as programs get it: complete in itself. */
function toJson({ repair, ...finding }: Finding) {
  const { title, meaning, remedy } = FINDINGS[finding.code];
  return { ...finding, title, meaning, remedy, fixable: repair !== undefined };
}

const isFixable = ({ repair }: Finding): boolean => repair !== undefined;

/** Looks, and with `fix` repairs what may be repaired, after a question where somebody is there to answer. */
async function examineAndRepair(
  ctx: FleetContext,
  { logins, server, partitions }: Settings,
  terminal: Terminal,
  { fix, yes }: { readonly fix: boolean; readonly yes: boolean },
): Promise<RepairedFleet> {
  const roles = { logins, without: server.existing?.without, partitions };
  const diagnosis = await examineFleet(ctx, roles);
  const fixable = diagnosis.findings.filter(isFixable);
  const nothing: RepairedFleet = { repaired: [], failures: [], diagnosis };
  if (!fix || fixable.length === 0) return nothing;
  if (!yes && terminal.interactive) {
    terminal.print(findingLines(fixable, terminal.width));
    if (!(await terminal.ask(`Repair ${counted(fixable.length, "finding")}?`))) return nothing;
  }
  return await repairFleet(ctx, diagnosis.findings, roles);
}

const probedTenants = async (ctx: FleetContext): Promise<ProbedTenant[]> =>
  (await listTenants(ctx)).filter((tenant) => tenant.stack === ctx.stack);

const probedValues = async (ctx: FleetContext): Promise<ProbedTenant[]> =>
  (await listPartitions({ ...ctx, placement: "values" }))
    .filter(({ tenant }) => tenant === null)
    .map(({ id }) => ({ id, state: "active", isolation: "partitions" }));

/** Attacks the isolation as the application would, and tells what was not refused. */
async function reportIsolation(stack: string, terminal: Terminal): Promise<void> {
  const { tls, root, ...login } = await roleLogin("user", {
    ...{ stack, root: PROJECT_ROOT, env: process.env },
  });
  const { tenants, owner } = await asAdministrator({ stack }, async (ctx, { partitions }) => ({
    tenants: await (partitions === "values" ? probedValues(ctx) : probedTenants(ctx)),
    owner: ctx.roles.owner,
  }));
  const { host, port, user, password, database } = login;
  const ssl = tlsOptions(tls, root);
  const { attacks, findings } = await probeIsolation({
    ...{ login: { host, port, user, password, database, ssl }, tenants, owner },
  });
  if (terminal.json) terminal.printJson({ stack, attacks, findings: findings.map(toJson) });
  terminal.print(findingLines(findings, terminal.width));
  terminal.print(meaningLines(findings, terminal.width));
  if (findings.length > 0)
    throw new TenantryError("TNT-660", { stack, findings: findings.length, fixable: 0 });
  terminal.print([line(`  ${counted(attacks, "attack")} as ${user}, each was refused`, "strong")]);
}

export const doctorCommand = () =>
  new Command("doctor")
    .description(
      "compare the whole database with what is declared (exit code 1: there are findings)",
    )
    .addOption(STACK)
    .option(
      "--fix",
      "repair what can be repaired without losing anything: rights, partitions, indexes",
    )
    .option(
      "--isolation",
      "attack the isolation as the application's role instead, with statements that read no row",
    )
    .addOption(YES)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack, fix = false, isolation = false, yes = false, json }) => {
      const terminal = new Terminal({ json });
      if (isolation) {
        await reportIsolation(stack, terminal);
        return;
      }
      const { repaired, failures, diagnosis } = await asAdministrator(
        { stack },
        async (ctx, settings) => {
          const outcome = await examineAndRepair(ctx, settings, terminal, { fix, yes });
          await recordExamination(ctx, outcome.diagnosis);
          return outcome;
        },
      );
      const { tenants, findings } = diagnosis;
      if (json)
        terminal.printJson({
          ...{ stack, tenants, findings: findings.map(toJson) },
          ...(fix && { repaired: repaired.map(toJson), failures }),
        });
      if (repaired.length > 0)
        terminal.print([
          line(`  repaired ${counted(repaired.length, "finding")}:`, "add"),
          ...findingLines(repaired, terminal.width).map(({ text }) => line(text, "quiet")),
        ]);
      terminal.print(failures.map((message) => line(`  failed: ${message}`, "error")));
      if (repaired.length > 0 && findings.length > 0)
        terminal.print([
          line(""),
          line(`  left ${counted(findings.length, "finding")}:`, "strong"),
        ]);
      terminal.print(findingLines(findings, terminal.width));
      terminal.print(meaningLines(findings, terminal.width));
      if (findings.length > 0)
        throw new TenantryError("TNT-660", {
          stack,
          findings: findings.length,
          fixable: fix ? 0 : findings.filter(isFixable).length,
        });
      terminal.print([line(`  ${counted(tenants, "tenant")}, nothing to find`, "strong")]);
    });
