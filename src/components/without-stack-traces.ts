/**
 * Runs a function in which no error has a stack trace, and lets later ones do without source maps. The Node SDK makes
 * several traces for each resource, some after the function has returned, and runs each frame through source maps: a
 * third of the program's time. Errors keep their message, and the program's sources run as they are written, so that a
 * trace without maps names their lines.
 */
export function withoutStackTraces<T>(declare: () => T): T {
  const limit = Error.stackTraceLimit;
  // As long as this is no plain value V8 makes no traces, whatever the SDK sets it to.
  Object.defineProperty(Error, "stackTraceLimit", {
    configurable: true,
    get: () => 0,
    set: () => undefined,
  });
  // The SDK's runner has put a function here that reads the maps.
  Reflect.deleteProperty(Error, "prepareStackTrace");
  try {
    return declare();
  } finally {
    Object.defineProperty(Error, "stackTraceLimit", {
      configurable: true,
      enumerable: true,
      writable: true,
      value: limit,
    });
  }
}
