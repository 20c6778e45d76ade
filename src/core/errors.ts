import { ERRORS } from "./error-table.ts";

/** A code of an error, `TNT-nnn`: one of those in docs/errors.md. */
export type ErrorCode = keyof typeof ERRORS;

/** What the message of an error is made from. */
export type ErrorParameters<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]["text"]>[0];

/**
 * An error a person can act on: what failed, the value, what is allowed, what to do. All of them are in
 * docs/errors.md.
 */
export class TenantryError<C extends ErrorCode = ErrorCode> extends Error {
  /** Stable over versions; `TNT-nnn`. */
  readonly code: C;

  /** @internal */
  constructor(code: C, parameters: ErrorParameters<C>, options?: { cause?: unknown }) {
    const { text } = ERRORS[code] as { text: (parameters: ErrorParameters<C>) => string };
    super(`${text(parameters)} [${code}]`, options);
    this.name = "TenantryError";
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
