import { TenantryError, messageOf } from "../../core/errors.ts";
import { SQLSTATE } from "../../postgres/sqlstate.ts";

/** The fields of PostgreSQL's error messages that help; see "Error and Notice Message Fields" of its manual. */
interface DatabaseFields {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly hint?: unknown;
}

const isTenantryError = (error: Error): error is TenantryError => error instanceof TenantryError;

/** PostgreSQL's own error where there is a server, and no such database: that is about the object. */
function missingDatabase({ cause }: Error): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  return (cause as DatabaseFields).code === SQLSTATE.invalidCatalogName ? cause : undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
/**
 * The error of an operation on an object: what was being done, and PostgreSQL's message, detail, hint and SQLSTATE.
 * The statements have no values, and their only literals are verifiers and settings, which PostgreSQL never quotes.
 *
 * @param doing `Creating role "nostromo_user"`
 */
export function toObjectError(doing: string, cause: Error): TenantryError {
  const refusal = missingDatabase(cause) ?? cause;
  if (isTenantryError(refusal)) return refusal;
  const { code, detail, hint } = refusal as DatabaseFields;
  return new TenantryError(
    "TNT-452",
    {
      doing,
      message: messageOf(refusal),
      sqlstate: text(code),
      detail: text(detail),
      hint: text(hint),
    },
    { cause },
  );
}
