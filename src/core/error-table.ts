/** One error: a title and a remedy for docs/errors.md, and the message, made from the values at hand. */
interface ErrorEntry<P> {
  readonly title: string;
  /** The message: what failed, the value, what is allowed, what to do. Never a secret, never a bound value. */
  readonly text: (parameters: P) => string;
  /** For the reference: why it happens and what to do, in one paragraph of Markdown. */
  readonly remedy: string;
}

const error = <P>(entry: ErrorEntry<P>): ErrorEntry<P> => entry;

/** JSON quoting shows control characters and where a value ends. */
const show = (value: unknown): string => JSON.stringify(value) ?? "undefined";

/**
 * Every error of tenantry. Codes are never reused. 1xx names and settings, 2xx server and its configuration,
 * 3xx engine and state, 4xx tenants and the database, 5xx migrations and SQL files, 6xx command line.
 */
export const ERRORS = {
  // 1xx names and settings
  "TNT-101": error<{ name: string }>({
    title: "A name PostgreSQL cannot keep",
    text: ({ name }) =>
      `The name ${show(name)} has ${Buffer.byteLength(name)} bytes: an identifier needs 1 to 63 bytes and no NUL. Choose another.`,
    remedy:
      "PostgreSQL cuts longer identifiers without an error, so that two names could become one. Choose a name of at most 63 bytes.",
  }),
  "TNT-102": error<{ text: string }>({
    title: "A text PostgreSQL cannot hold",
    text: ({ text }) =>
      `The text ${show(text)} holds a NUL character, which PostgreSQL cannot store. Remove it.`,
    remedy: "PostgreSQL's text types hold every character but NUL.",
  }),

  // 2xx server and its configuration

  // 3xx engine and state

  // 4xx tenants and the database

  // 5xx migrations and SQL files

  // 6xx command line
} as const;
