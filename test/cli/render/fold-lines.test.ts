import { expect, test } from "vitest";
import { foldLines } from "../../../src/cli/render/fold-lines.ts";

const shown = (...given: Parameters<typeof foldLines>): string[] =>
  foldLines(...given).map(({ text }) => text);

test("nothing to fold, and everything folded", () => {
  expect(shown({ folded: false, pending: [], kept: undefined }, 80)).toEqual([
    "  nothing to fold: the state holds all that was done",
  ]);
  expect(shown({ folded: true, pending: [], kept: undefined }, 80)).toEqual([
    "  folded       the state holds all that was done; either engine goes on from it",
  ]);
});

test("what was under way is named, and where a damaged journal is kept", () => {
  const urn = "urn:pulumi:dev::tenantry::tenantry:index:Tenant::empresa_900";
  expect(
    shown({ folded: true, pending: [{ type: "creating", urn }], kept: "x.journal.damaged" }, 80),
  ).toEqual([
    "  folded       the state holds all that was done; either engine goes on from it",
    "  kept         x.journal.damaged",
    "  done or not  tenant empresa_900 (creating)",
  ]);
});
