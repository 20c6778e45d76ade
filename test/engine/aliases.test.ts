import { expect, test } from "vitest";
import { aliasUrns } from "../../src/engine/aliases.ts";
import type { Alias, Goal } from "../../src/engine/goal.ts";
import { createUrn } from "../../src/engine/urn.ts";

const urn = (type: string, name: string, parent?: string): string =>
  createUrn({ stack: "dev", project: "proj", parent, type, name });

const root = urn("pulumi:pulumi:Stack", "proj-dev");
const group = urn("test:index:Group", "new", root);
const former = urn("test:index:Set", "old", root);

const goal = (parent: string, aliases: readonly Alias[], name = "new-child"): Goal => ({
  type: "a:b:C",
  name,
  custom: true,
  parent,
  inputs: {},
  protect: false,
  retainOnDelete: false,
  dependencies: [],
  propertyDependencies: {},
  version: "",
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  aliases,
});

const resolve = (wanted: Goal, formerUrn = new Map<string, string>()): string[] =>
  aliasUrns(wanted, { stack: "dev", project: "proj", formerUrn });

test("what an alias leaves out is as it is now", () => {
  expect(resolve(goal(group, [{ name: "x" }]))).toEqual([urn("a:b:C", "x", group)]);
  expect(resolve(goal(group, [{ type: "x:y:Z" }]))).toEqual([urn("x:y:Z", "new-child", group)]);
  expect(resolve(goal(group, [{ noParent: true }]))).toEqual([urn("a:b:C", "new-child")]);
  expect(resolve(goal(root, [{ parent: group }]))).toEqual([urn("a:b:C", "new-child", group)]);
  expect(resolve(goal(root, [{ urn: "urn:any" }, { urn: "urn:any" }]))).toEqual(["urn:any"]);
  expect(resolve(goal(root, [{ stack: "prod", project: "p" }]))).toEqual([
    "urn:pulumi:prod::p::a:b:C::new-child",
  ]);
});

test("children go with a parent that was renamed, their names too if they start with its name", () => {
  const renamed = new Map([[group, former]]);
  expect(resolve(goal(group, []), renamed)).toEqual([urn("a:b:C", "old-child", former)]);
  expect(resolve(goal(group, [], "other"), renamed)).toEqual([urn("a:b:C", "other", former)]);
  expect(resolve(goal(group, [{ name: "x" }], "other"), renamed)).toEqual([
    urn("a:b:C", "x", group),
    urn("a:b:C", "other", former),
    urn("a:b:C", "x", former),
  ]);
});
