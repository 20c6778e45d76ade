import { foldName } from "../core/name-rules.ts";

/** A name and where it is declared. */
interface Declared {
  readonly name: string;
  readonly place: string;
}

/** The names that are there already, or that a hasty reader would take for another one, each with the rule. */
export function nameClashes<D extends Declared>(
  declared: readonly D[],
): (D & { readonly rule: string })[] {
  const first = new Map<string, D>();
  return declared.flatMap((one) => {
    const other = first.get(foldName(one.name));
    if (other === undefined) {
      first.set(foldName(one.name), one);
      return [];
    }
    const rule =
      other.name === one.name
        ? `is there twice: first as ${other.place}`
        : `differs only by case from ${JSON.stringify(other.name)}, which is ${other.place}`;
    return [{ ...one, rule }];
  });
}
