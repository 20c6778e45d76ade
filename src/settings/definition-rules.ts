import { z } from "zod";

// Rules that more than one part of the definition has.

export const mapping = "must be a mapping of keys to values";

export const hostRule = { error: "must be a host name or an address, without port" };

export function choice<const C extends string | number>(choices: readonly C[]) {
  const error = choices.length > 2 ? `one of ${choices.join(", ")}` : choices.join(" or ");
  return z.literal(choices, { error: `must be ${error}` });
}

/** A file below stacks/, with one of these endings. */
export const fileBelowStacks = (endings: string, kind: string, example: string) =>
  z
    .string({ error: "must be a file's path" })
    .regex(new RegExp(`^(?!.*\\.\\.)[\\w.-]+(\\/[\\w.-]+)*\\.${endings}$`), {
      error: `must be the path of a ${kind} below stacks/, such as ${example}`,
    });
