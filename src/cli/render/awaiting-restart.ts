import type { Step } from "../../core/engine-event.ts";
import { isStartOnly } from "../../core/start-only-settings.ts";
import { differencesOf } from "./property.ts";

/** What makes a server on this machine start again. */
const RESTARTS: readonly (string | undefined)[] = ["startDigest", "running"];

/** Whether a step starts the server again; `isReplacement` says whether it puts another resource in its place. */
export function restartsServer(step: Step, isReplacement: boolean): boolean {
  if (step.type === "docker:index/container:Container") return isReplacement;
  return (
    step.type === "tenantry:index:EmbeddedServer" &&
    differencesOf(step).some(({ path: [key] }) => RESTARTS.includes(key))
  );
}

const isText = (value: unknown): value is string => typeof value === "string";

/** The settings that the server has been given, or would be by these steps, and takes at its next start only. */
export function settingsAwaitingRestart(steps: readonly Step[]): string[] {
  const waiting = steps.flatMap((step) => {
    switch (step.type) {
      case "tenantry:index:ServerReady": {
        const pending = (step.new ?? step.old)?.outputs.pendingRestart;
        const known = Array.isArray(pending) ? pending : step.old?.outputs.pendingRestart;
        return Array.isArray(known) ? known.filter(isText) : [];
      }
      case "tenantry:index:ConfigFiles":
        return differencesOf(step).flatMap(({ path: [key, setting] }) =>
          key === "parameters" && setting !== undefined && isStartOnly(setting) ? [setting] : [],
        );
      default:
        return [];
    }
  });
  return [...new Set(waiting)].sort();
}
