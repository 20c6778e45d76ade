import { expect, test } from "vitest";
import { applyReplaceOnChanges, invertDiff, resolveUnknownDiff } from "../../src/engine/diff.ts";
import { NO_DIFFERENCE, someDifference } from "../../src/protocol/diff-answer.ts";
import { secret } from "../../src/protocol/values.ts";

const unknown = { ...NO_DIFFERENCE, changes: "unknown" } as const;

test("what a plugin left open is decided by the inputs, secret or not, ignored ones aside", () => {
  const olds = { a: secret(1), b: 1 };
  const same = resolveUnknownDiff(unknown, { olds, news: { a: 1, b: 1 }, ignored: [] });
  expect(same.changes).toBe("none");
  const ignored = resolveUnknownDiff(unknown, { olds, news: { a: 1, b: 2 }, ignored: ["b"] });
  expect(ignored.changes).toBe("none");
  const changed = resolveUnknownDiff(unknown, { olds, news: { a: 2, c: 1 }, ignored: [] });
  expect(changed).toMatchObject({
    changes: "some",
    diffs: ["a", "b", "c"],
    detailedDiff: {
      a: { diffKind: "update", inputDiff: true },
      b: { diffKind: "delete", inputDiff: true },
      c: { diffKind: "add", inputDiff: true },
    },
  });
});

test("replaceOnChanges replaces for what it names, and for nothing else", () => {
  const diff = {
    ...someDifference(),
    diffs: ["a"],
    detailedDiff: { "a.b": { diffKind: "update", inputDiff: true } },
  } as const;
  expect(applyReplaceOnChanges(diff, ["c"], false).replaces).toEqual([]);
  expect(applyReplaceOnChanges(diff, ["a.b"], false)).toMatchObject({
    replaces: ["a.b"],
    detailedDiff: { "a.b": { diffKind: "update-replace" } },
  });
  expect(applyReplaceOnChanges(diff, ["*"], false).replaces).toEqual(["a", "a.b"]);
  expect(applyReplaceOnChanges(NO_DIFFERENCE, ["*"], false)).toEqual(NO_DIFFERENCE);
  expect(applyReplaceOnChanges(NO_DIFFERENCE, ["#initerror"], true)).toMatchObject({
    changes: "some",
    replaces: ["#initerror"],
  });
});

test("drift is the difference seen from the other side", () => {
  const detailedDiff = {
    a: { diffKind: "add-replace", inputDiff: true },
    b: { diffKind: "delete", inputDiff: false },
  } as const;
  expect(invertDiff({ ...someDifference(), detailedDiff }).detailedDiff).toEqual({
    a: { diffKind: "delete", inputDiff: true },
    b: { diffKind: "add", inputDiff: false },
  });
});
