import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * Loaded into an engine's process before it (`node --import`): counts each call that writes below a folder, and kills the
 * process at one of them. TENANTRY_WRITE_POINTS says how, as {@link WritePointOrder}.
 */
export interface WritePointOrder {
  readonly folder: string;
  /** Where each call is written down. */
  readonly log: string;
  /** Counted from 1. Without one, nothing is killed. */
  readonly at?: number;
  /** Whether the call is done when the process dies; `half`: of the bytes, the first half is. */
  readonly side?: "before" | "half" | "after";
}

type Call = (this: unknown, ...args: unknown[]) => unknown;
type Calls = Record<string, Call>;

const order = JSON.parse(process.env.TENANTRY_WRITE_POINTS ?? "{}") as WritePointOrder;
const { openSync, writeSync } = fs;
const log = openSync(order.log, "a");
/** Of open files, by number and by handle. */
const paths = new Map<unknown, string>();
let count = 0;

/** Whether the process dies at this call, if not before it. */
function reach(name: string, path: unknown): WritePointOrder["side"] {
  if (typeof path !== "string" || !path.startsWith(order.folder)) return undefined;
  count += 1;
  writeSync(log, `${name} ${path.slice(order.folder.length)}\n`);
  if (count !== order.at) return undefined;
  return order.side === "before" ? die() : order.side;
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

/** Also after a call that failed. */
function dieAfter(call: () => unknown): unknown {
  let result: unknown;
  try {
    result = call();
  } catch {
    die();
  }
  return result instanceof Promise ? result.then(die, die) : die();
}

/** The first half of what a call would write, in the same way. */
const half = (data: unknown): unknown =>
  typeof data === "string"
    ? data.slice(0, data.length / 2)
    : (data as Buffer).subarray(0, (data as Buffer).length / 2);

/** @param pathOf which file a call writes, from its arguments; @param data which argument holds the bytes, if any */
function watch(
  owner: Calls,
  name: string,
  pathOf: (self: unknown, args: readonly unknown[]) => unknown,
  data?: number,
): void {
  const original = owner[name]!;
  owner[name] = function (...args) {
    const side = reach(name, pathOf(this, args));
    const done = side === "half" && data !== undefined ? args.with(data, half(args[data])) : args;
    const call = (): unknown => original.apply(this, done);
    return side === undefined ? call() : dieAfter(call);
  };
}

const first = (_self: unknown, [path]: readonly unknown[]): unknown => path;
const second = (_self: unknown, [, path]: readonly unknown[]): unknown => path;
const ofNumber = (_self: unknown, [fd]: readonly unknown[]): unknown => paths.get(fd);
const ofHandle = (self: unknown): unknown => paths.get(self);

const sync = fs as unknown as Calls;
const promises = fs.promises as unknown as Calls;

const handle = await fs.promises.open("/dev/null");
const prototype = Object.getPrototypeOf(handle) as Calls;
await handle.close();
for (const name of ["appendFile", "writeFile"]) watch(prototype, name, ofHandle, 0);
for (const name of ["sync", "datasync", "truncate"]) watch(prototype, name, ofHandle);
watch(promises, "writeFile", first, 1);
watch(sync, "writeFileSync", first, 1);
for (const name of ["rename", "link", "copyFile"]) {
  watch(promises, name, second);
  watch(sync, `${name}Sync`, second);
}
for (const name of ["rm", "mkdir"]) {
  watch(promises, name, first);
  watch(sync, `${name}Sync`, first);
}
watch(sync, "fsyncSync", ofNumber);

const { open } = promises;
promises.open = async function (...args) {
  const [path, flags] = args;
  const side = flags === "r" ? undefined : reach("open", path);
  const opened = await open!.apply(this, args);
  if (side !== undefined) die();
  paths.set(opened, String(path));
  return opened;
};
sync.openSync = function (...args) {
  const opened = (openSync as unknown as Call).apply(this, args);
  paths.set(opened, String(args[0]));
  return opened;
};
syncBuiltinESMExports();
