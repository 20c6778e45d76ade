import { z } from "zod";
import { TENANT_ID } from "../core/names.ts";

// What several settings keep to. Every rule completes the sentence "<value> ...".

/** A name that a rule of core/name-rules.ts judges. */
export const name = (problem: (name: string) => string | undefined) =>
  z
    .string({ error: "must be a text" })
    .regex(TENANT_ID, {
      error: ({ input }) => problem(String(input)) ?? "is not a name",
      // The rules say more than the pattern, but the editor knows the pattern.
      abort: true,
    })
    .check(({ value, issues }) => {
      const rule = problem(value);
      if (rule !== undefined) issues.push({ code: "custom", message: rule, input: value });
    });

export const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

export const powerOfTwo = (least: number, most: number) => {
  const choices = Array.from(
    { length: Math.log2(most / least) + 1 },
    (_, exponent) => least * 2 ** exponent,
  );
  return choice(choices);
};

export const yesOrNo = z.boolean({ error: "must be true or false" });

export function choice<const C extends string | number>(choices: readonly C[]) {
  const error = choices.length > 2 ? `one of ${choices.join(", ")}` : choices.join(" or ");
  return z.literal(choices, { error: `must be ${error}` });
}

const retentionRule = { error: "must be a number of days such as 30d, at most 3650d" };

/** Days, written as `30d`. */
export const retention = z
  .string(retentionRule)
  .regex(/^\d{1,4}d$/, retentionRule)
  .transform((text) => Number.parseInt(text, 10))
  .refine((days) => days <= 3650, retentionRule);

export const mapping = "must be a mapping of keys to values";

/** A file below stacks/, with one of these endings. */
export const fileBelowStacks = (endings: string, kind: string, example: string) =>
  z
    .string({ error: "must be a file's path" })
    .regex(new RegExp(`^(?!.*\\.\\.)[\\w.-]+(\\/[\\w.-]+)*\\.${endings}$`), {
      error: `must be the path of a ${kind} below stacks/, such as ${example}`,
    });

export const hostRule = { error: "must be a host name or an address, without port" };
