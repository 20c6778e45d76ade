/**
 * Runs a function in which no error has a stack trace. The Node SDK makes several traces for each resource, and runs
 * each frame through source maps: a third of the program's time. Errors keep their message.
 */
export function withoutStackTraces<T>(declare: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return declare();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
