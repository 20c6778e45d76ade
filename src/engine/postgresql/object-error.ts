import { TenantryError, messageOf } from "../../core/errors.ts";

/** The fields of PostgreSQL's error messages that help; see "Error and Notice Message Fields" of its manual. */
interface DatabaseFields {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly hint?: unknown;
}

const isTenantryError = (error: Error): error is TenantryError => error instanceof TenantryError;

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/**
 * The error of an operation on an object: what was being done, and PostgreSQL's message, detail, hint and SQLSTATE.
 * The statements have no values, and their only literals are verifiers and settings, which PostgreSQL never quotes.
 *
 * @param doing `Creating role "nostromo_user"`
 */
export function toObjectError(doing: string, cause: Error): TenantryError {
  if (isTenantryError(cause)) return cause;
  const { code, detail, hint } = cause as DatabaseFields;
  return new TenantryError(
    "TNT-452",
    {
      doing,
      message: messageOf(cause),
      sqlstate: text(code),
      detail: text(detail),
      hint: text(hint),
    },
    { cause },
  );
}
