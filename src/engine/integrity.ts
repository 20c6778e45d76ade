import { isProviderType, providerReference } from "./urn.ts";
import type { StoredResource } from "./resource.ts";

/**
 * What is wrong with a state's list of resources, by the rules of the Pulumi CLI (which refuses a file that breaks
 * them); undefined when nothing is.
 */
export function integrityProblem(resources: readonly StoredResource[]): string | undefined {
  const seen = new Set<string>();
  const alive = new Set<string>();
  const providers = new Set<string>();
  for (const [index, resource] of resources.entries()) {
    const { urn, type, id = "", custom, provider } = resource;
    if (!urn || !type) return `resource number ${index + 1} has no ${urn ? "type" : "URN"}`;
    if (!custom && id !== "") return `the component ${urn} has an id`;
    if (isProviderType(type)) {
      if (id === "") return `the provider ${urn} has no id`;
      providers.add(providerReference(urn, id));
    }
    if (provider && !providers.has(provider) && resource.pendingReplacement !== true)
      return `${urn} needs the provider ${provider}, which does not come before it`;
    const missing = needs(resource).find((needed) => !seen.has(needed));
    if (missing !== undefined) return `${urn} needs ${missing}, which does not come before it`;
    if (resource.delete !== true) {
      if (alive.has(urn)) return `${urn} is there twice`;
      alive.add(urn);
    }
    seen.add(urn);
  }
  return undefined;
}

function needs({
  parent,
  deletedWith,
  dependencies,
  propertyDependencies,
}: StoredResource): string[] {
  return [
    ...(parent ? [parent] : []),
    ...(deletedWith ? [deletedWith] : []),
    ...(dependencies ?? []),
    ...Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
  ];
}
