import util from "node:util";
import "./lazy-modules.ts";
import "./sdk-shortcuts.ts";

// Loaded into the program's process before the Pulumi SDK (`node --import`).

/**
 * The SDK shows an uncaught error in colours, and Node's coloured `inspect` never comes back from a stack frame
 * directly in a scope's folder, such as `node_modules/@pulumi/resource.ts`. Without colours it does.
 */
const inspect = util.inspect;
const plainInspect = (value: unknown, options?: util.InspectOptions): string =>
  inspect(value, { ...options, colors: false });
util.inspect = Object.assign(plainInspect, inspect);

/**
 * When the run is over, the SDK closes its connection to the engine and then says here, with a stack, that it could not
 * log the failure of what waited for the engine's answer. Why the run is over, the engine tells.
 */
const printError = console.error;
console.error = (...words: unknown[]): void => {
  if (!String(words[0]).startsWith("failed to deliver log message")) printError(...words);
};
