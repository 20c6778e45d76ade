import { interruptible } from "../../src/cli/interruptible.ts";
import { TenantryError, messageOf } from "../../src/core/errors.ts";
import { destroy, up } from "../../src/engine/local-engine.ts";
import type { EngineOptions } from "../../src/engine/local-engine.ts";
import { programOf } from "./program-data.ts";
import type { ProgramData } from "./program-data.ts";
import { inProcess } from "./test-program.ts";

/** What the process is to do: with a program of data it takes that, else the project's own one. */
export interface EngineOrder extends Omit<EngineOptions, "onEvent" | "signal"> {
  readonly operation: "up" | "destroy";
  readonly program?: ProgramData | undefined;
}

/** An engine in a process of its own, to be killed or interrupted as a terminal does it: `engine-child.ts ORDER`. */
const { operation, program, ...options } = JSON.parse(process.argv[2] ?? "") as EngineOrder;
const run = async (signal: AbortSignal): Promise<unknown> => {
  const all = { ...options, signal, onEvent: () => undefined };
  if (operation === "destroy") return await destroy(all);
  return await (program ? up(all, inProcess(programOf(program))) : up(all));
};
try {
  await interruptible(run, () => process.stderr.write("finishing what is in flight\n"));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof TenantryError && error.code === "TNT-316" ? 130 : 1;
}
