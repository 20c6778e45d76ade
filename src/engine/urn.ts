import { parseUrn } from "../protocol/urn.ts";

/** The type of the component that holds a stack's outputs; it is nobody's visible parent. */
export const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";

const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

/** The URN of a resource; a child's type is prefixed with its parent's, except below the stack itself. */
export function createUrn(resource: {
  stack: string;
  project: string;
  parent: string | undefined;
  type: string;
  name: string;
}): string {
  const { stack, project, parent, type, name } = resource;
  const parentType = parent === undefined ? "" : qualifiedType(parent);
  const prefix = parentType === "" || parentType === ROOT_STACK_TYPE ? "" : `${parentType}$`;
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}

/** A URN's type with those of its parents, `a:b:Parent$a:b:Child`. */
export function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

export const urnName = (urn: string): string => parseUrn(urn).name;

export const urnType = (urn: string): string => parseUrn(urn).type;

export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_TYPE_PREFIX);

export const providerType = (plugin: string): string => `${PROVIDER_TYPE_PREFIX}${plugin}`;

/** The package a resource or provider type belongs to: `postgresql` of `postgresql:index/role:Role`. */
export function packageOf(type: string): string {
  return isProviderType(type)
    ? type.slice(PROVIDER_TYPE_PREFIX.length)
    : type.slice(0, type.indexOf(":"));
}

/** Whether a provider resource is one the engine made because the program named none. */
export function isDefaultProvider(urn: string): boolean {
  return isProviderType(urnType(urn)) && /^default(_|$)/.test(urnName(urn));
}

/** How resources name their provider in the state: `URN::ID`. */
export const providerReference = (urn: string, id: string): string => `${urn}::${id}`;

/** Splits a provider reference; a URN holds `::` itself, an id never does. */
export function parseProviderReference(reference: string): { urn: string; id: string } {
  const end = reference.lastIndexOf("::");
  return { urn: reference.slice(0, end), id: reference.slice(end + 2) };
}
