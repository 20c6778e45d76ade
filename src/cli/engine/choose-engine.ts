import { TenantryError } from "../../core/errors.ts";

export const ENGINE_CHOICES = ["auto", "pulumi", "local"] as const;

/** What `--engine` takes. */
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

export type EngineKind = "pulumi" | "local";

/** What is known when an engine is chosen. */
export interface EngineFacts {
  readonly choice: EngineChoice;
  /** What this stack was last run with. */
  readonly remembered: EngineKind | undefined;
  /** An installed Pulumi CLI that runs. */
  readonly pulumi: { readonly path: string; readonly version: string } | undefined;
  /** The state is on another place than this file system, so only the Pulumi CLI can read it. */
  readonly remoteBackend: string | undefined;
}

/** The engine to run with, and why, in one line. */
export interface EngineDecision {
  readonly kind: EngineKind;
  readonly reason: string;
}

/**
 * Chooses the engine. `auto` stays with what the stack was last run with, else takes an installed Pulumi CLI, else the
 * local engine.
 *
 * @throws {TenantryError} TNT-601 when the Pulumi CLI is asked for and not there; TNT-602 when the state's place needs
 *   it and the local engine would run
 */
export function chooseEngine(facts: EngineFacts): EngineDecision {
  const decision = decide(facts);
  if (decision.kind === "local" && facts.remoteBackend !== undefined)
    throw new TenantryError("TNT-602", { backend: facts.remoteBackend });
  return decision;
}

function decide({ choice, remembered, pulumi }: EngineFacts): EngineDecision {
  if (choice === "local") return { kind: "local", reason: "local engine (--engine local)" };
  if (choice === "pulumi") {
    if (!pulumi) throw new TenantryError("TNT-601", {});
    return { kind: "pulumi", reason: `Pulumi CLI ${pulumi.version} (--engine pulumi)` };
  }
  if (remembered === "local")
    return {
      kind: "local",
      reason: pulumi
        ? "local engine, as before (--engine pulumi takes the Pulumi CLI)"
        : "local engine, as before",
    };
  if (pulumi) {
    const why = remembered === "pulumi" ? "as before" : `found at ${pulumi.path}`;
    return { kind: "pulumi", reason: `Pulumi CLI ${pulumi.version}, ${why}` };
  }
  return {
    kind: "local",
    reason:
      remembered === "pulumi"
        ? "local engine: the Pulumi CLI of the last run is not on $PATH"
        : "local engine: no Pulumi CLI on $PATH",
  };
}
