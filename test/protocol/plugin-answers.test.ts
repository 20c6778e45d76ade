import { Metadata, status } from "@grpc/grpc-js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, test } from "vitest";
import { readDiff } from "../../src/protocol/diff-answer.ts";
import { readPartialFailure } from "../../src/protocol/partial-failure.ts";
import { PartialFailure, toServiceError } from "../../src/protocol/plugin-failure.ts";
import { secret } from "../../src/protocol/values.ts";

test("a partial failure comes over the wire as it was, its secrets marked", () => {
  const failure = new PartialFailure({
    id: "x",
    outputs: { password: "hush", nothing: null },
    reasons: ["not yet", "nor now"],
  });
  const sent = toServiceError(failure, { password: secret("hush") });
  expect(readPartialFailure(sent)).toMatchObject({
    id: "x",
    outputs: { password: secret("hush"), nothing: null },
    reasons: ["not yet", "nor now"],
  });
});

test("any other failure is none", () => {
  expect(readPartialFailure(new Error("no"))).toBeUndefined();
  expect(readPartialFailure({ code: status.UNKNOWN, metadata: new Metadata() })).toBeUndefined();
});

test("a difference replaces when either list of the answer says so", () => {
  const { PropertyDiff, DiffResponse } = providerPb;
  const response = new DiffResponse();
  response.setChanges(DiffResponse.DiffChanges.DIFF_SOME);
  response.setReplacesList(["a"]);
  response.setDiffsList(["a", "b"]);
  response.setHasdetaileddiff(true);
  const difference = new PropertyDiff();
  difference.setKind(PropertyDiff.Kind.UPDATE_REPLACE);
  difference.setInputdiff(true);
  response.getDetaileddiffMap().set("b.c", difference);
  expect(readDiff(response)).toEqual({
    changes: "some",
    replaces: ["a", "b.c"],
    deleteBeforeReplace: false,
    diffs: ["a", "b"],
    detailedDiff: { "b.c": { diffKind: "update-replace", inputDiff: true } },
  });
  expect(readDiff(new DiffResponse())).toEqual({
    changes: "unknown",
    replaces: [],
    deleteBeforeReplace: false,
    diffs: [],
  });
});
