import type { Properties } from "../../protocol/values.ts";
import { isCollection } from "./property.ts";
import type { PropertyTable } from "./property.ts";

/** The key under which the official plugin keeps how its own state differs in form from the outputs. */
const DELTA = "__pulumi_raw_state_delta";

/** Adds that note to outputs: which properties hold lists, and which have another name there. */
export function withRawStateDelta(table: PropertyTable, outputs: Properties): Properties {
  const entries = Object.entries(table);
  const lists = entries.filter(
    ([name, property]) => isCollection(property) && outputs[name] !== null,
  );
  const renamed = entries.filter(([, { originalName }]) => originalName !== undefined);
  const delta: Properties = {
    ...(lists.length > 0 && { ps: Object.fromEntries(lists.map(([name]) => [name, { arr: {} }])) }),
    ...(renamed.length > 0 && {
      renamed: Object.fromEntries(
        renamed.map(([name, { originalName = "" }]) => [name, originalName]),
      ),
    }),
  };
  return { ...outputs, [DELTA]: { obj: delta } };
}
