import { parseUrn } from "../../protocol/urn.ts";
import { resourceWords } from "./resource-words.ts";

/** A resource by what it is, `tenant empresa_123`, where no step tells more of it than its URN. */
export function plainName(urn: string): string {
  const { type, name } = parseUrn(urn);
  return `${resourceWords(type).noun} ${name}`;
}
