import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TenantryError } from "../../src/core/errors.ts";
import { StackLock } from "../../src/engine/lock.ts";
import { isAlive } from "../../src/system/is-alive.ts";

/**
 * Takes a lock again and again, beside others that do the same: `lock-racer.ts FOLDER ROUNDS`. In the end it dies with the
 * lock in its hands. Prints how often it had the lock; fails when somebody else was inside at the same time.
 */
const [folder = "", rounds = ""] = process.argv.slice(2);
const inside = join(folder, "inside");
let taken = 0;

async function enter(): Promise<StackLock | undefined> {
  try {
    return (await StackLock.take(join(folder, "locks"))).lock;
  } catch (error) {
    if (error instanceof TenantryError && error.code === "TNT-305") return undefined;
    throw error;
  }
}

function stepInside(): void {
  try {
    writeFileSync(inside, String(process.pid), { flag: "wx" });
  } catch {
    const other = Number(readFileSync(inside, "utf8"));
    if (isAlive(other)) throw new Error(`${other} is inside, and so is ${process.pid}`);
    writeFileSync(inside, String(process.pid));
  }
}

while (taken < Number(rounds)) {
  const lock = await enter();
  if (!lock) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    continue;
  }
  stepInside();
  taken += 1;
  if (taken === Number(rounds)) {
    process.stdout.write(`${taken}\n`, () => process.kill(process.pid, "SIGKILL"));
    await new Promise(() => undefined);
  }
  rmSync(inside);
  await lock.release();
}
