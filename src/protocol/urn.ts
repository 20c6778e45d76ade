/** The parts of a resource's URN, `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`, that a plugin looks at. */
export interface UrnParts {
  readonly type: string;
  readonly name: string;
}

/** Splits a URN. The name comes last and may itself hold `::`. */
export function parseUrn(urn: string): UrnParts {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}
