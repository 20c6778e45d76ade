import { readFileSync } from "node:fs";

/** Whether there is a process of this number that has not ended, be it ours or another account's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return !isZombie(pid);
}

/**
 * Whether a process has ended and its parent did not ask how: in a container whose first process asks for nobody, that
 * lasts. Linux tells; elsewhere `false`.
 */
function isZombie(pid: number): boolean {
  if (process.platform !== "linux") return false;
  try {
    // The state follows the name, which may hold parentheses.
    return /.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // It went meanwhile, or nobody may look.
    return false;
  }
}
