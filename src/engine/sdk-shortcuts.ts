import { createRequire } from "node:module";
import { join } from "node:path";

// Loaded into the program's process before the Pulumi SDK (`node --import`), whose modules these are.

interface Log {
  debug: () => Promise<void>;
}

interface V8Hooks {
  isInitializedAsync: () => Promise<void>;
}

const require = createRequire(join(process.cwd(), "package.json"));

/**
 * The SDK tells the engine that a resource will be declared, is being declared and was declared: three calls beside the
 * one that declares it. This engine shows no such messages, so they are not sent.
 */
const log = require("@pulumi/pulumi/log") as Log;
log.debug = () => Promise.resolve();

/**
 * The SDK attaches V8's debugger, which makes every promise slower, to name the file of a function it cannot turn into
 * text. That is for dynamic providers, which this engine does not run.
 */
const hooks = require("@pulumi/pulumi/runtime/closure/v8Hooks") as V8Hooks;
hooks.isInitializedAsync = () => Promise.resolve();
