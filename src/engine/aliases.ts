import type { Alias, Goal } from "./goal.ts";
import { ROOT_STACK_TYPE, createUrn, qualifiedType, urnName, urnType } from "./urn.ts";

/** What aliases are resolved against. */
export interface AliasContext {
  readonly stack: string;
  readonly project: string;
  /** New URN -> the old URN under which an alias found it. */
  readonly formerUrn: ReadonlyMap<string, string>;
}

/** The URNs under which a resource may stand in the old state, besides its own; the most explicit first. */
export function aliasUrns(goal: Goal, context: AliasContext): string[] {
  const own = goal.aliases.map((alias) => resolveAlias(goal, alias, context));
  const { parent } = goal;
  const formerParent = parent === undefined ? undefined : context.formerUrn.get(parent);
  if (parent === undefined || formerParent === undefined) return [...new Set(own)];
  const parentName = urnName(parent);
  const inherit = (type: string, name: string): string =>
    createUrn({
      ...context,
      parent: formerParent,
      type,
      // By convention a child's name starts with its parent's, and was renamed with it.
      name: name.startsWith(parentName)
        ? urnName(formerParent) + name.slice(parentName.length)
        : name,
    });
  const inherited = [
    inherit(goal.type, goal.name),
    ...own.map((urn) => inherit(urnType(urn), urnName(urn))),
  ];
  return [...new Set([...own, ...inherited])];
}

function resolveAlias(goal: Goal, alias: Alias, context: AliasContext): string {
  if (alias.urn !== undefined) return alias.urn;
  const parent = alias.noParent
    ? undefined
    : alias.parent === undefined
      ? goal.parent
      : (context.formerUrn.get(alias.parent) ?? alias.parent);
  const isVisible = parent !== undefined && qualifiedType(parent) !== ROOT_STACK_TYPE;
  return createUrn({
    stack: alias.stack ?? context.stack,
    project: alias.project ?? context.project,
    parent: isVisible ? parent : undefined,
    type: alias.type ?? goal.type,
    name: alias.name ?? goal.name,
  });
}
