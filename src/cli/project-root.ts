import { join } from "node:path";

/** The project that the commands work on: the one they are part of, wherever they are called from. */
export const PROJECT_ROOT = join(import.meta.dirname, "..", "..");
