import { secret } from "../../../src/protocol/values.ts";
import type { Properties } from "../../../src/protocol/values.ts";
import type { Step } from "./engines.ts";
import { group, provider, thing } from "../../support/program-data.ts";
import type { Declaration, ProgramData } from "../../support/program-data.ts";

/** A short life of a stack; every step of it begins where the one before it ended. */
export interface Transition {
  readonly name: string;
  readonly steps: readonly Step[];
}

const up = (...declares: Declaration[]): Step => ({ program: { declares } });
const preview = (...declares: Declaration[]): Step => ({
  operation: "preview",
  program: { declares },
});
const ending = (ends: NonNullable<ProgramData["ends"]>, ...declares: Declaration[]): Step => ({
  program: { declares, ends },
});
const exporting = (outputs: Properties, ...declares: Declaration[]): Step => ({
  program: { declares, outputs },
});
const refresh = (drift: NonNullable<Step["drift"]> = {}): Step => ({ operation: "refresh", drift });
const destroy: Step = { operation: "destroy" };
const refused = (code: string, step: Step): Step => ({ ...step, refused: code });

const a1 = thing("a", { x: 1 });
const a2 = thing("a", { x: 2 });
const chain = (d: number): Declaration[] => [
  thing("a", { d }),
  thing("b", { r: "${a.stable}" }),
  thing("c", { x: "${b.id}" }),
  thing("e", { r: "${b.id}" }),
];
const unknown = { type: "fake:index:Unknown" };
const family = (parent: string, options = {}): Declaration[] => [
  group(parent, {}, options),
  thing("child", { x: 1 }, { parent }),
];
const served = (config: Properties, options = {}): Declaration[] => [
  provider("p", config, options),
  thing("a", { x: 1 }, { provider: "p" }),
];

const row = (name: string, ...steps: Step[]): Transition => ({ name, steps });

export const TRANSITIONS: readonly Transition[] = [
  row("create, no change", up(a1), up(a1)),
  row("update", up(a1), up(a2)),
  row("add and remove an input", up(a1), up(thing("a", { x: 1, y: [1, null, "<&>"] })), up(a1)),
  row(
    "values of every kind",
    up(thing("a", { n: -1.5, t: true, f: false, s: "ñ", l: [], o: { k: { z: null } } })),
    destroy,
  ),
  row("add and delete", up(a1), up(a1, thing("b")), up(thing("b"))),
  row("replace", up(thing("a", { r: 1 })), up(thing("a", { r: 2 })), up(thing("a", { r: 2 }))),
  row(
    "replace, with a dependent to update",
    up(thing("a", { r: 1 }), thing("b", { x: "${a.stable}" })),
    up(thing("a", { r: 2 }), thing("b", { x: "${a.stable}" })),
  ),
  row(
    "replace, with a dependent to replace",
    up(thing("a", { r: 1 }), thing("b", { r: "${a.stable}" })),
    up(thing("a", { r: 2 }), thing("b", { r: "${a.stable}" })),
  ),
  row("replace and update at once", up(thing("a", { r: 1, x: 1 })), up(thing("a", { r: 2, x: 2 }))),
  row("delete before replace", up(thing("a", { d: 1 })), up(thing("a", { d: 2 }))),
  row("delete before replace, a chain", up(...chain(1)), up(...chain(2)), up(...chain(2))),
  row(
    "delete before replace, the dependent is gone",
    up(...chain(1).slice(0, 2)),
    up(thing("a", { d: 2 })),
  ),
  row(
    "deleteBeforeReplace: true beats the plugin",
    up(thing("a", { r: 1 })),
    up(thing("a", { r: 2 }, { deleteBeforeReplace: true })),
  ),
  row(
    "deleteBeforeReplace: false beats the plugin",
    up(thing("a", { d: 1 })),
    up(thing("a", { d: 2 }, { deleteBeforeReplace: false })),
  ),
  row("replaceOnChanges", up(a1), up(thing("a", { x: 2 }, { replaceOnChanges: ["x"] }))),
  row(
    "replaceOnChanges of another property",
    up(a1),
    up(thing("a", { x: 2 }, { replaceOnChanges: ["y"] })),
  ),
  row(
    "alias by name",
    up(a1),
    up(thing("b", { x: 1 }, { aliases: [{ name: "a" }] })),
    up(thing("b", { x: 1 })),
  ),
  row(
    "alias by name, and an update",
    up(a1),
    up(thing("b", { x: 2 }, { aliases: [{ name: "a" }] })),
  ),
  row(
    "alias by name, and a replacement",
    up(thing("a", { r: 1 })),
    up(thing("b", { r: 2 }, { aliases: [{ name: "a" }] })),
  ),
  row(
    "alias by URN",
    up(a1),
    up(thing("b", { x: 1 }, { aliases: [{ urn: "urn:pulumi:dev::proj::fake:index:Thing::a" }] })),
  ),
  row("alias that nothing has", up(a1), up(thing("a", { x: 1 }, { aliases: [{ name: "never" }] }))),
  row(
    "alias of what others depend on",
    up(a1, thing("z", { x: "${a.id}" })),
    up(thing("b", { x: 1 }, { aliases: [{ name: "a" }] }), thing("z", { x: "${b.id}" })),
  ),
  row(
    "two claim one alias",
    up(a1),
    refused(
      "TNT-318",
      up(
        thing("b", {}, { aliases: [{ name: "a" }] }),
        thing("c", {}, { aliases: [{ name: "a" }] }),
      ),
    ),
  ),
  row("parent renamed", up(...family("old")), up(...family("new", { aliases: [{ name: "old" }] }))),
  row(
    "into a component, by an alias without a parent",
    up(a1),
    up(group("g"), thing("a", { x: 1 }, { parent: "g", aliases: [{ noParent: true }] })),
  ),
  row(
    "into a component, by an alias of an older SDK",
    up(a1),
    up(group("g"), thing("a", { x: 1 }, { parent: "g", aliases: [{}], oldAliases: true })),
  ),
  row(
    "not into a component, by an alias of an older SDK that keeps the parent",
    up(a1),
    up(
      group("g"),
      thing("a", { x: 1 }, { parent: "g", aliases: [{ noParent: true }], oldAliases: true }),
    ),
  ),
  row(
    "provider renamed",
    up(...served({ region: "x" })),
    up(
      provider("q", { region: "x" }, { aliases: [{ name: "p" }] }),
      thing("a", { x: 1 }, { provider: "q" }),
    ),
  ),
  row(
    "protect, then free, then delete",
    up(thing("a", {}, { protect: true })),
    up(thing("a", {}, { protect: false })),
    up(),
  ),
  row(
    "protected: not deleted",
    up(thing("a", {}, { protect: true }), thing("b")),
    refused("TNT-315", up()),
  ),
  row(
    "protected: not replaced",
    up(thing("a", { r: 1 }, { protect: true })),
    refused("TNT-315", up(thing("a", { r: 2 }, { protect: true }))),
  ),
  row(
    "protected: not destroyed",
    up(thing("a", {}, { protect: true })),
    refused("TNT-315", destroy),
  ),
  row(
    "protected: updated",
    up(thing("a", { x: 1 }, { protect: true })),
    up(thing("a", { x: 2 }, { protect: true })),
  ),
  row("retainOnDelete", up(thing("a", {}, { retainOnDelete: true })), up()),
  row(
    "retainOnDelete, replaced",
    up(thing("a", { r: 1 }, { retainOnDelete: true })),
    up(thing("a", { r: 2 }, { retainOnDelete: true })),
    destroy,
  ),
  row("deletedWith, alone", up(a1, thing("b", {}, { deletedWith: "a" })), up(a1)),
  row("deletedWith, together", up(a1, thing("b", {}, { deletedWith: "a" })), up()),
  row("deletedWith, destroyed", up(a1, thing("b", {}, { deletedWith: "a" })), destroy),
  row(
    "deletedWith, replaced",
    up(thing("a", { r: 1 }), thing("b", {}, { deletedWith: "a" })),
    up(thing("a", { r: 2 }), thing("b", {}, { deletedWith: "a" })),
  ),
  row(
    "ignoreChanges",
    up(thing("a", { x: 1, o: { y: 1, z: 1 } })),
    up(thing("a", { x: 2, o: { y: 2, z: 1 } }, { ignoreChanges: ["x", "o.y"] })),
    up(thing("a", { x: 2, o: { y: 2, z: 1 } })),
  ),
  row(
    "ignoreChanges of an absent property",
    up(a1),
    up(thing("a", { x: 1, y: 1 }, { ignoreChanges: ["y"] })),
  ),
  row(
    "additionalSecretOutputs",
    up(thing("a", { x: 1 }, { secretOutputs: ["stable", "x"] })),
    up(thing("a", { x: 2 }, { secretOutputs: ["stable", "x"] })),
  ),
  row(
    "additionalSecretOutputs added later",
    up(a1),
    up(thing("a", { x: 1 }, { secretOutputs: ["stable"] })),
  ),
  row(
    "secrets in and out",
    up(thing("a", { password: secret("hush"), o: { k: secret([1, 2]) } })),
    up(thing("a", { password: secret("other"), o: { k: secret([1, 2]) } })),
  ),
  row("an input becomes secret", up(a1), up(thing("a", { x: secret(1) })), up(a1)),
  row(
    "stack outputs",
    exporting({ open: 1, hidden: secret({ k: 1 }), of: "${a.stable}" }, a1),
    exporting({ open: 2 }, a1),
    up(a1),
  ),
  row(
    "preview of a first up",
    preview(a1, thing("b", { x: "${a.volatile}", y: "${a.id}" })),
    up(a1),
  ),
  row(
    "preview of changes",
    up(a1, thing("b", { x: "${a.volatile}" })),
    preview(a2, thing("b", { x: "${a.volatile}" })),
  ),
  row(
    "preview of a replacement",
    up(thing("a", { r: 1 }), thing("b", { x: "${a.volatile}" })),
    preview(thing("a", { r: 2 }), thing("b", { x: "${a.volatile}" })),
  ),
  row("preview of deletions", up(a1, thing("b")), preview(a1)),
  row(
    "preview with a provider not known yet",
    preview(a1, provider("p", { url: "${a.volatile}" }), thing("b", { x: 1 }, { provider: "p" })),
  ),
  row(
    "the engine compares",
    up(thing("a", { x: { y: 1 } }, unknown)),
    up(thing("a", { x: secret({ y: 1 }) }, unknown)),
    up(thing("a", { x: { y: 2 } }, unknown)),
  ),
  row(
    "the engine compares, ignoring changes",
    up(thing("a", { x: 1 }, unknown)),
    up(thing("a", { x: 2 }, { ...unknown, ignoreChanges: ["x"] })),
  ),
  row(
    "the engine compares, replacing",
    up(thing("a", { x: 1 }, unknown)),
    up(thing("a", { x: 2 }, { ...unknown, replaceOnChanges: ["x"] })),
  ),
  row(
    "provider with another configuration",
    up(...served({ region: "x", token: "1" })),
    up(...served({ region: "x", token: "2" })),
  ),
  row(
    "provider with a secret",
    up(...served({ token: secret("1") })),
    up(...served({ token: secret("2") })),
  ),
  row(
    "provider to be replaced",
    up(...served({ region: "x" })),
    refused("TNT-308", up(...served({ region: "y" }))),
  ),
  row("from the default provider to an explicit one", up(a1), up(...served({}))),
  row(
    "default provider with a version",
    up(thing("a", {}, { version: "1.0.0" })),
    up(thing("a", {}, { version: "1.0.0" })),
  ),
  row("provider removed with its resources", up(...served({ region: "x" })), up()),
  row("check errors", up(a1), up(thing("a", { bad: ["is bad", "is worse"] })), up(a1)),
  row("duplicate URN", up(a1, thing("a", { x: 3 }))),
  row(
    "init errors, repaired",
    up(thing("a", { init: "not yet" })),
    up(thing("a", { init: "not yet" })),
    up(thing("a", {})),
  ),
  row("init errors in an update", up(a1), up(thing("a", { x: 2, init: "not yet" })), up(a2)),
  row("init errors, then removed", up(thing("a", { init: "not yet" })), up()),
  row(
    "create fails",
    up(a1, thing("b", { failCreate: 1 }), thing("c")),
    up(a1, thing("b"), thing("c")),
  ),
  row("create fails, then given up", up(a1, thing("b", { failCreate: 1 })), up(a1)),
  row("update fails", up(a1), up(thing("a", { x: 2, failUpdate: 1 })), up(a2)),
  row(
    "delete fails",
    up(thing("a", { failDelete: 1 }), thing("b")),
    up(thing("b")),
    up(thing("a", {}), thing("b")),
    up(thing("b")),
  ),
  row(
    "destroy fails, then goes on",
    up(thing("a", { failDelete: 1 })),
    destroy,
    up(thing("a", {})),
    destroy,
  ),
  row(
    "the new one fails",
    up(thing("a", { r: 1 })),
    up(thing("a", { r: 2, failCreate: 1 })),
    up(thing("a", { r: 2 })),
  ),
  row(
    "the new one fails after the old one went first, then given up",
    up(thing("a", { d: 1 })),
    up(thing("a", { d: 2, failCreate: 1 })),
    up(),
  ),
  row(
    "the new one fails after the old one and its dependent went first",
    up(thing("a", { d: 1 }), thing("b", { r: "${a.stable}" })),
    up(thing("a", { d: 2, failCreate: 1 }), thing("b", { r: "${a.stable}" })),
    {
      ...up(thing("a", { d: 2 }), thing("b", { r: "${a.stable}" })),
      // It is gone since the step before: the CLI only sees to it that `a` is not deleted twice.
      onlyReal: [["delete", "b", "b-1"]],
    },
  ),
  row(
    "the old one cannot be deleted first",
    up(thing("a", { d: 1, failDelete: 1 })),
    up(thing("a", { d: 2 })),
  ),
  row(
    "the replaced one cannot be deleted",
    up(thing("a", { r: 1, failDelete: 1 })),
    up(thing("a", { r: 2 })),
    up(thing("a", { r: 2 })),
  ),
  row(
    "the replaced one cannot be deleted, and all is removed",
    up(thing("a", { r: 1, failDelete: 1 })),
    up(thing("a", { r: 2 })),
    up(),
  ),
  row(
    "the new one is not complete",
    up(thing("a", { r: 1 })),
    up(thing("a", { r: 2, init: "not yet" })),
    up(thing("a", { r: 2 })),
  ),
  row("the program throws", up(a1, thing("b")), ending("throws", a2), up(a2)),
  row("the program ends early", up(a1, thing("b")), refused("TNT-313", ending("early", a2))),
  row(
    "dependsOn",
    up(a1, thing("b", {}, { dependsOn: ["a"] })),
    up(a1, thing("b")),
    up(a1, thing("b", {}, { dependsOn: ["a"] })),
    destroy,
  ),
  row(
    "components with children and outputs",
    up(
      group("g", { k: 1 }),
      thing("c", {}, { parent: "g" }),
      group("h", {}, { parent: "g" }),
      thing("e", {}, { parent: "h" }),
    ),
    destroy,
  ),
  row(
    "component with outputs, changed",
    up({ ...group("g"), outputs: { v: 1 } }),
    up({ ...group("g"), outputs: { v: 2 } }),
    up({ ...group("g"), outputs: { v: 2 } }),
  ),
  row(
    "two providers",
    up(
      provider("p", { region: "x" }),
      provider("q", { region: "y" }),
      thing("a", {}, { provider: "p" }),
      thing("b", {}, { provider: "q" }),
    ),
    destroy,
  ),
  row(
    "timeouts",
    up(thing("a", {}, { createTimeout: "90s" })),
    up(thing("a", {}, { createTimeout: "2m" })),
  ),
  row("refresh without changes", up(a1), refresh(), up(a1)),
  row("refresh of what changed", up(a1), refresh({ "a-1": { x: 7 } }), up(a1)),
  row(
    "refresh of what is gone",
    up(a1, thing("b", { x: "${a.id}" })),
    refresh({ "a-1": "removed" }),
    up(a1, thing("b", { x: "${a.id}" })),
  ),
  row("destroy order", up(...chain(1)), destroy),
  row("destroy of nothing", destroy),
];
