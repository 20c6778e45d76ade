import { ERRORS } from "../error-table.ts";
import { TENANT_ID, TENANT_SCHEMA_PREFIX } from "../names.ts";
import { POSTGRES_ERRORS, SQLSTATE_CLASSES } from "./postgres-errors.ts";
import type { PostgresError } from "./postgres-errors.ts";

/** What an error means, and what to run next. */
export interface Explanation {
  /** `TNT-415`, `53300`, `ECONNREFUSED`. */
  readonly code: string;
  readonly title: string;
  readonly meaning: string;
  readonly next: readonly string[];
}

/**
 * Explains a text as it stands in a log, or a code alone: ours by the table of errors, PostgreSQL's by SQLSTATE or by
 * its words. More than one when the text has more than one code.
 */
export function explainError(text: string): Explanation[] {
  const ours = [...new Set(text.match(/\bTNT-\d{3}\b/g))].flatMap(explainOurs);
  const states = [...new Set(text.match(/\b[0-9A-Z]{5}\b|\bE[A-Z]{6,12}\b/g))].flatMap(
    explainKnown,
  );
  const coded = [...ours, ...states];
  if (coded.length > 0) return coded;
  const [said] = Object.entries<PostgresError>(POSTGRES_ERRORS).filter(([, { says }]) =>
    says.test(text),
  );
  if (said !== undefined) return [explanationOf(...said)];
  return explainClass(text.trim());
}

function explainOurs(code: string): Explanation[] {
  const entries: Readonly<Record<string, { readonly title: string; readonly remedy: string }>> =
    ERRORS;
  const entry = entries[code];
  return entry === undefined ? [] : [{ code, title: entry.title, meaning: entry.remedy, next: [] }];
}

function explainKnown(code: string): Explanation[] {
  const entries: Readonly<Record<string, PostgresError>> = POSTGRES_ERRORS;
  const entry = Object.hasOwn(entries, code) ? entries[code] : undefined;
  return entry === undefined ? [] : [explanationOf(code, entry)];
}

const explanationOf = (code: string, { title, meaning, next }: PostgresError): Explanation => ({
  ...{ code, title, meaning, next },
});

/** A SQLSTATE that is not in the table, said alone or as such. */
function explainClass(text: string): Explanation[] {
  const [, code = ""] =
    /^(?:SQLSTATE\W*)?([0-9A-Z]{5})$/.exec(text) ?? /SQLSTATE\W*([0-9A-Z]{5})\b/.exec(text) ?? [];
  const about = SQLSTATE_CLASSES[code.slice(0, 2)];
  if (about === undefined) return [];
  return [
    {
      code,
      title: `An error about ${about}`,
      meaning: `Appendix A of PostgreSQL's manual names ${code}; its class ${code.slice(0, 2)} is about ${about}. PostgreSQL's message beside it says more.`,
      next: [],
    },
  ];
}

/** The tenant that a text is about: its schema's name, or its id as our own messages say it. */
export function tenantIn(text: string): string | undefined {
  const schema = new RegExp(`\\b${TENANT_SCHEMA_PREFIX}(\\w+)`).exec(text)?.[1];
  const named = /\btenant:? "?([a-z][a-z0-9_]*)\b/.exec(text)?.[1];
  const id = schema !== undefined && schema !== "id" ? schema : named;
  return id !== undefined && TENANT_ID.test(id) ? id : undefined;
}
