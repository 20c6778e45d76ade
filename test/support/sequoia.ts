import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scratchDirectory } from "./cluster.ts";

/** Where pip put the package, when it is not where Python looks by itself. */
const PATH = process.env.TENANTRY_PYSEQUOIA;
const env = { ...process.env, ...(PATH !== undefined && { PYTHONPATH: PATH }) };

/** Why no other program opens an archive here; undefined when Sequoia can. */
export const noSequoia: string | undefined =
  spawnSync("python3", ["-c", "import pysequoia"], { env }).status === 0
    ? undefined
    : "NO pysequoia IN PYTHON OR IN TENANTRY_PYSEQUOIA: nothing proves here that another OpenPGP opens an encrypted archive (the PyPI package pysequoia)";

const RUNBOOK = join(import.meta.dirname, "../../docs/runbooks/restore.md");

/** Runs the runbook's own program with OpenPGP of Sequoia. @returns the path of the file in clear */
export function openWithSequoia(file: string, passphrase: string): string {
  const program = /```python\n(.*?)```/s.exec(readFileSync(RUNBOOK, "utf8"))?.[1];
  if (program === undefined) throw new Error(`${RUNBOOK} has no program`);
  const clear = join(scratchDirectory("clear"), "clear");
  execFileSync("python3", ["-c", program, file, clear], {
    env: { ...env, TENANTRY_ARCHIVE_PASSPHRASE: passphrase },
  });
  return clear;
}
