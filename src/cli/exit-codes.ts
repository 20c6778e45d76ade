/** What the process ends with. */
export const EXIT = {
  ok: 0,
  /** The command ran and failed, or `preview --expect-no-changes` found changes. */
  failed: 1,
  /** An option, argument or command that does not exist or has a value that is not allowed. */
  usage: 2,
  /** Ctrl-C: 128 + SIGINT, as shells count. */
  interrupted: 130,
} as const;
