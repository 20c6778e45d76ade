export { readStackOutputs } from "./stack-outputs.ts";
export { destroy, preview, refresh, up } from "./operations.ts";
export { unprotect } from "./unprotect.ts";
export type { EngineOptions, Outcome } from "./session.ts";
