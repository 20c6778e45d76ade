import type { DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import type { PropertyDifference } from "../core/engine-event.ts";
import type { DetailedDiff } from "./detailed-diff.ts";

/** A plugin's answer to Diff. */
export interface DiffAnswer {
  /** `unknown`: the plugin leaves it to the engine to compare. */
  readonly changes: "none" | "some" | "unknown";
  /** Properties whose change needs a new resource. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Top-level properties that differ. */
  readonly diffs: readonly string[];
  readonly detailedDiff?: DetailedDiff;
}

export const NO_DIFFERENCE: DiffAnswer = {
  changes: "none",
  replaces: [],
  deleteBeforeReplace: false,
  diffs: [],
};

/** A difference without details, replacing because of `replaces` if there are any. */
export function someDifference(replaces: readonly string[] = []): DiffAnswer {
  return { changes: "some", replaces, deleteBeforeReplace: false, diffs: [] };
}

const { Kind } = providerPb.PropertyDiff;

const KINDS: Readonly<Record<number, PropertyDifference["diffKind"]>> = {
  [Kind.ADD]: "add",
  [Kind.ADD_REPLACE]: "add-replace",
  [Kind.DELETE]: "delete",
  [Kind.DELETE_REPLACE]: "delete-replace",
  [Kind.UPDATE]: "update",
  [Kind.UPDATE_REPLACE]: "update-replace",
};

const CHANGES: readonly DiffAnswer["changes"][] = ["unknown", "none", "some"];

export function readDiff(response: DiffResponse): DiffAnswer {
  const detailedDiff: Record<string, PropertyDifference> = {};
  response.getDetaileddiffMap().forEach((difference, path) => {
    const diffKind = KINDS[difference.getKind()] ?? "update";
    detailedDiff[path] = { diffKind, inputDiff: difference.getInputdiff() };
  });
  // Either list may name what needs a replacement.
  const replacing = Object.keys(detailedDiff).filter((path) =>
    detailedDiff[path]?.diffKind.endsWith("-replace"),
  );
  return {
    changes: CHANGES[response.getChanges()] ?? "unknown",
    replaces: [...new Set([...response.getReplacesList(), ...replacing])],
    deleteBeforeReplace: response.getDeletebeforereplace(),
    diffs: response.getDiffsList(),
    ...(response.getHasdetaileddiff() && { detailedDiff }),
  };
}
