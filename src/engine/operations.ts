import { TenantryError } from "../core/errors.ts";
import { conduct } from "./conduct.ts";
import type { Conducted } from "./conduct.ts";
import { deleteAll } from "./deletions.ts";
import { programProblem, startNodeProgram } from "./program.ts";
import type { StartProgram } from "./program.ts";
import { refreshAll } from "./refresh.ts";
import { withSession } from "./session.ts";
import type { EngineOptions, Outcome } from "./session.ts";

type RunOptions = EngineOptions & { readonly previewOnly?: boolean };

/** How long a program may take to end by itself, and say why, after the run has failed. */
const LAST_WORDS_MS = 2_000;

/** Shows what {@link up} would do. Takes no lock and writes nothing. @throws as {@link up} */
export async function preview(
  options: EngineOptions,
  start: StartProgram = startNodeProgram,
): Promise<Outcome> {
  return await declare(options, true, start);
}

/**
 * Makes the stack what the program declares.
 *
 * @throws {TenantryError} TNT-301 to TNT-319. What was done before is recorded, also when the process is killed.
 */
export async function up(
  options: EngineOptions,
  start: StartProgram = startNodeProgram,
): Promise<Outcome> {
  return await declare(options, false, start);
}

const declare = (options: EngineOptions, isPreview: boolean, start: StartProgram) =>
  withSession(options, isPreview, (session) =>
    conduct(session, (conducted) => runProgram(conducted, start)),
  );

/**
 * Takes the resources as they are over into the state.
 *
 * @param options targets: the URNs of those that are looked at. Default: all
 * @throws as {@link up}
 */
export async function refresh(
  options: RunOptions & { readonly targets?: readonly string[] },
): Promise<Outcome> {
  return await withSession(options, options.previewOnly ?? false, (session) =>
    conduct(session, async ({ ready }) => {
      await refreshAll((await ready).run, options.targets);
    }),
  );
}

/** Deletes everything, dependents first; refuses as a whole if anything is protected. @throws as {@link up} */
export async function destroy(options: RunOptions): Promise<Outcome> {
  return await withSession(options, options.previewOnly ?? false, (session) =>
    conduct(session, async ({ ready }) => {
      const { run } = await ready;
      await deleteAll(run, run.old.remaining);
    }),
  );
}

/** Runs the program, and deletes what it no longer declares once it has declared everything. */
async function runProgram(conducted: Conducted, start: StartProgram): Promise<void> {
  const { session, address, config, monitor, failures, ready, stopped } = conducted;
  const { project, preview, parallel, events } = session;
  const { stack } = session.options;
  const program = start({ project, stack, preview, parallel, address, config, events });
  try {
    const { run, registrar } = await ready;
    const ending = await Promise.race([program.ended, stopped]);
    await registrar.idle();
    if (ending === "stopped") {
      await Promise.race([program.ended, pause(LAST_WORDS_MS)]);
      return;
    }
    const problem = programProblem(ending, monitor.hasFinished);
    if (problem !== undefined && failures.isClean)
      failures.add(new TenantryError("TNT-313", { reason: problem }));
    if (failures.isClean) await registrar.commitOutputs();
    if (!failures.isClean) return;
    const isGone = (urn: string): boolean => !registrar.generator.isRegistered(urn);
    const condemned = run.old.remaining.filter(({ urn, delete: old }) => old ?? isGone(urn));
    await deleteAll(run, condemned);
  } finally {
    await program.stop();
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
