import { TenantryError } from "../core/errors.ts";
import { lockOf, workName } from "../core/maintenance.ts";
import type { MaintenanceWork } from "../core/maintenance.ts";
import { suggest } from "../core/suggest.ts";
import type { FleetContext } from "../fleet/context.ts";
import { maintainFleet } from "../fleet/maintenance/maintain-fleet.ts";
import type { FleetMaintenance } from "../fleet/maintenance/maintain-fleet.ts";
import { maintainTenant } from "../fleet/maintenance/maintain-tenant.ts";
import type { TenantMaintenance } from "../fleet/maintenance/maintain-tenant.ts";
import { tableSizes } from "../fleet/maintenance/table-sizes.ts";
import { tenantIds } from "../fleet/tenant-ids.ts";
import { asAdministrator } from "./administrator.ts";
import { count, counted, duration } from "../core/format.ts";
import { line } from "./render/line.ts";
import { lockWarning, resumeLine, tenantMaintenanceLines } from "./render/maintenance-lines.ts";
import { stoppable } from "./stoppable.ts";
import { Terminal } from "./terminal.ts";

/** What `vacuum`, `reindex` and `analyze` are told alike. */
export interface MaintenanceCommand {
  readonly stack: string;
  /** Left out: every tenant. */
  readonly id: string | undefined;
  readonly wait: number | undefined;
  readonly fromStart: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  /** The stack's name, given as a clear yes to VACUUM FULL over all. */
  readonly confirm?: string | undefined;
}

/**
 * Maintains one tenant or all, asking first where it shuts others out.
 *
 * @throws {TenantryError} TNT-885 for VACUUM FULL over all without its yes, TNT-888 when something was left out,
 *   TNT-872 when there is no such tenant, TNT-316 on Ctrl-C, and as `maintainFleet`
 */
export async function maintain(work: MaintenanceWork, command: MaintenanceCommand): Promise<void> {
  const { stack, id, json } = command;
  const terminal = new Terminal({ json });
  await asAdministrator({ stack }, async (context) => {
    if (!(await confirmed(context, work, command, terminal))) {
      terminal.note([line("Nothing was done.")]);
      return;
    }
    const started = performance.now();
    const result = await stoppable(terminal, (signal) => {
      const ctx = { ...context, signal };
      return id === undefined
        ? maintainAll(ctx, work, command, terminal)
        : maintainOne(ctx, work, { ...command, id }, terminal);
    });
    terminal.note([line(summary(result, performance.now() - started), "quiet")]);
    const { leftOut, failed } = result;
    if (leftOut + failed > 0)
      throw new TenantryError("TNT-888", { work: workName(work), leftOut, failed });
  });
}

function summary({ maintained, skipped, gone }: FleetMaintenance, milliseconds: number): string {
  return [
    `${counted(maintained, "tenant")} in ${duration(milliseconds)}`,
    ...(skipped > 0 ? [`${count(skipped)} done before`] : []),
    ...(gone > 0 ? [`${count(gone)} removed meanwhile`] : []),
  ].join(", ");
}

async function maintainAll(
  ctx: FleetContext,
  work: MaintenanceWork,
  { wait, fromStart }: MaintenanceCommand,
  terminal: Terminal,
): Promise<FleetMaintenance> {
  return maintainFleet(ctx, work, {
    patience: wait,
    fromStart,
    onResume: (run) => {
      terminal.note([resumeLine(run)]);
    },
    onTenant: (tenant) => {
      show(terminal, work, tenant);
    },
    onFailure: ({ id, message }) => {
      terminal.note([line(`  failed: ${id}: ${message}`, "error")]);
    },
    onProgress: (done, all) => {
      terminal.status(`${count(done)} of ${counted(all, "tenant")}`);
    },
  });
}

async function maintainOne(
  ctx: FleetContext,
  work: MaintenanceWork,
  { id, wait }: MaintenanceCommand & { readonly id: string },
  terminal: Terminal,
): Promise<FleetMaintenance> {
  const tenant = await maintainTenant(ctx, id, work, { patience: wait });
  if (tenant.gone) throw await unknownTenant(ctx, id);
  show(terminal, work, tenant);
  return { maintained: 1, skipped: 0, gone: 0, failed: 0, leftOut: tenant.leftOut.length };
}

function show(terminal: Terminal, work: MaintenanceWork, tenant: TenantMaintenance): void {
  if (terminal.json) terminal.printJson({ work: workName(work), ...tenant });
  terminal.print(tenantMaintenanceLines(tenant));
}

async function unknownTenant(ctx: FleetContext, id: string): Promise<TenantryError> {
  const ids = await tenantIds(ctx);
  return new TenantryError("TNT-872", { id, tenants: ids.length, proposal: suggest(id, ids) });
}

/** Whether it may begin: what shuts others out says so, and asks where somebody is there to answer. */
async function confirmed(
  ctx: FleetContext,
  work: MaintenanceWork,
  { id, stack, yes, confirm }: MaintenanceCommand,
  terminal: Terminal,
): Promise<boolean> {
  const lock = lockOf(work);
  if (lock === undefined) return true;
  const warning = lockWarning(work, lock, await tableSizes(ctx, id));
  terminal.note(warning.map((text) => line(text, "warning")));
  if (work.does === "vacuum" && work.full && id === undefined) {
    const said =
      confirm === undefined && terminal.interactive
        ? await terminal.askText(`Type the stack's name (${stack}) to go on:`)
        : confirm;
    if (said === stack) return true;
    throw new TenantryError("TNT-885", { stack, confirm: said });
  }
  return yes || !terminal.interactive || (await terminal.ask("Go on?"));
}
