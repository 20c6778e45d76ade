import fc from "fast-check";
import { expect, test } from "vitest";
import { integrityProblem } from "../../src/engine/integrity.ts";
import type { StoredResource } from "../../src/engine/resource.ts";
import { StateLog } from "../../src/engine/state-log.ts";

const urnOf = (name: string): string => `urn:pulumi:dev::proj::a:b:C::${name}`;

const resource = (name: string, facts: Partial<StoredResource> = {}): StoredResource => ({
  urn: urnOf(name),
  custom: true,
  id: name,
  type: "a:b:C",
  ...facts,
});

const names = (log: StateLog): string[] => log.contents().resources.map(({ id }) => id ?? "");

test("what this run registered comes first, in its order; the rest keeps its own", () => {
  const log = new StateLog({
    resources: ["a", "b", "c"].map((name) => resource(name)),
    pending: [],
  });
  log.apply({ place: [2] });
  log.apply({ put: [[3, resource("d")]], place: [3] });
  log.apply({ put: [[0, resource("a", { delete: true })]] });
  expect(names(log)).toEqual(["c", "d", "a", "b"]);
  log.apply({ drop: [0, 1] });
  expect(names(log)).toEqual(["c", "d"]);
});

test("operations are pending until they end; open creates until they are settled", () => {
  const open = { type: "creating", resource: resource("open") } as const;
  const log = new StateLog({
    resources: [],
    pending: [open, { type: "updating", resource: resource("other") }],
  });
  expect(log.contents().pending).toEqual([open]);
  log.apply({ begin: { operation: 0, type: "deleting", resource: resource("x") } });
  expect(log.contents().pending).toHaveLength(2);
  log.apply({ end: 0 });
  log.apply({ settle: [urnOf("open")] });
  expect(log.contents().pending).toEqual([]);
});

test("a new URN takes the place of the old one wherever it stands", () => {
  const provider: StoredResource = {
    urn: "urn:pulumi:dev::proj::pulumi:providers:a::old",
    custom: true,
    id: "1",
    type: "pulumi:providers:a",
  };
  const child = resource("child", {
    parent: urnOf("old"),
    provider: `${provider.urn}::1`,
    dependencies: [urnOf("old")],
    propertyDependencies: { x: [urnOf("old")], y: null },
    deletedWith: urnOf("old"),
  });
  const log = new StateLog({ resources: [provider, resource("old"), child], pending: [] });
  const renamed = {
    [urnOf("old")]: urnOf("new"),
    [provider.urn]: provider.urn.replace("old", "new"),
  };
  log.apply({ rename: renamed });
  const { resources } = log.contents();
  expect(JSON.stringify(resources)).not.toContain("::old");
  expect(integrityProblem(resources)).toBeUndefined();
});

test("any cut of any run leaves a state that keeps the rules", () => {
  // A chain in which each needs the one before; each is left alone, changed, or replaced, in order.
  const acts = fc.array(fc.constantFrom("same", "update", "replace"), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(acts, fc.nat(), (chain, cut) => {
      const needs = (index: number): Partial<StoredResource> =>
        index === 0 ? {} : { dependencies: [urnOf(`r${index - 1}`)] };
      const base = chain.map((_, index) => resource(`r${index}`, needs(index)));
      const changes = chain.flatMap((act, index) => {
        const next = resource(`r${index}`, needs(index));
        const slot = chain.length + index;
        if (act === "same") return [{ place: [index] }];
        if (act === "update") return [{ put: [[index, next] as const], place: [index] }];
        const old = resource(`r${index}`, { ...needs(index), delete: true });
        return [{ put: [[slot, next] as const, [index, old] as const], place: [slot] }];
      });
      const log = new StateLog({ resources: base, pending: [] });
      for (const change of changes.slice(0, cut % (changes.length + 1))) log.apply(change);
      expect(integrityProblem(log.contents().resources)).toBeUndefined();
    }),
  );
});
