import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import type { PropertyDifference } from "../core/engine-event.ts";
import type { CheckFailure, CheckResult, DiffResult } from "./resource-handler.ts";
import { keepSecretProperties } from "./secrets.ts";
import { toStruct } from "./values.ts";
import type { Properties } from "./values.ts";

const { DiffResponse, PropertyDiff } = providerPb;

const KINDS: Record<PropertyDifference["diffKind"], providerPb.PropertyDiff.Kind> = {
  add: PropertyDiff.Kind.ADD,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  delete: PropertyDiff.Kind.DELETE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  update: PropertyDiff.Kind.UPDATE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
};

/** @param news the inputs as they came, secrets marked */
export function checkResponse(
  checked: readonly CheckFailure[] | CheckResult,
  news: Properties,
): providerPb.CheckResponse {
  const { inputs, failures } = "inputs" in checked ? checked : { inputs: news, failures: checked };
  const response = new providerPb.CheckResponse();
  response.setInputs(toStruct(keepSecretProperties(inputs, news)));
  for (const { property, reason } of failures) {
    const failure = response.addFailures();
    failure.setProperty(property);
    failure.setReason(reason);
  }
  return response;
}

/** Always says explicitly whether there is a change, so that no engine compares by itself. */
export function diffResponse(difference: DiffResult): providerPb.DiffResponse {
  const { detailedDiff, replaces = [], deleteBeforeReplace = false } = difference;
  const paths = Object.entries(detailedDiff);
  const response = new DiffResponse();
  response.setChanges(
    paths.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList([...new Set(paths.map(([path]) => topLevelKey(path)))].sort());
  response.setHasdetaileddiff(true);
  response.setReplacesList([...replaces]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  for (const [path, { diffKind, inputDiff }] of paths) {
    const property = new PropertyDiff();
    property.setKind(KINDS[diffKind]);
    property.setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(path, property);
  }
  return response;
}

const topLevelKey = (path: string): string =>
  path.startsWith("[") ? path : path.replace(/[.[].*$/s, "");
