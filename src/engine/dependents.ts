import { UNKNOWN, mapProperties } from "../protocol/values.ts";
import { applyReplaceOnChanges, resolveUnknownDiff } from "./diff.ts";
import { asOld } from "./provider.ts";
import type { Providers } from "./providers.ts";
import type { Resource } from "./resource.ts";
import { parseProviderReference } from "./urn.ts";

/**
 * The resources that have to go before `root` is deleted to be replaced: those of its provider, those deleted with
 * it, and those that would be replaced themselves when what they take from it becomes unknown.
 *
 * @param candidates the old state in file order, without what was registered again already
 */
export async function dependentReplacements(
  root: Resource,
  candidates: readonly Resource[],
  providers: Providers,
): Promise<Resource[]> {
  const replaced = new Set([root.urn]);
  const dependents: Resource[] = [];
  for (const resource of candidates) {
    if (resource.slot === root.slot || resource.delete || !resource.custom) continue;
    if (!(await mustBeReplaced(resource, replaced, providers))) continue;
    replaced.add(resource.urn);
    dependents.push(resource);
  }
  return dependents;
}

async function mustBeReplaced(
  resource: Resource,
  replaced: ReadonlySet<string>,
  providers: Providers,
): Promise<boolean> {
  const { urn, provider, deletedWith, inputs, propertyDependencies = {} } = resource;
  if (provider === undefined) return false;
  if (replaced.has(parseProviderReference(provider).urn)) return true;
  if (deletedWith !== undefined && replaced.has(deletedWith)) return true;
  const isTouched = (property: string): boolean =>
    (propertyDependencies[property] ?? []).some((dependency) => replaced.has(dependency));
  if (!Object.keys(inputs).some(isTouched)) return false;
  const news = mapProperties(inputs, (value, property) => (isTouched(property) ? UNKNOWN : value));
  const ignored = resource.ignoreChanges ?? [];
  const plugin = await providers.get(provider);
  const answer = await plugin.diff(urn, asOld(resource), news, ignored);
  const diff = resolveUnknownDiff(answer, { olds: inputs, news, ignored });
  return applyReplaceOnChanges(diff, resource.replaceOnChanges ?? [], false).replaces.length > 0;
}
