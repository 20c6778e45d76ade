/** One error: a title and a remedy for docs/errors.md, and the message, made from the values at hand. */
export interface ErrorEntry<P> {
  readonly title: string;
  /** The message: what failed, the value, what is allowed, what to do. Never a secret, never a bound value. */
  readonly text: (parameters: P) => string;
  /** For the reference: why it happens and what to do, in one paragraph of Markdown. */
  readonly remedy: string;
}

/** For a message that is always the same. */
export type NoParameters = Readonly<Record<string, never>>;

/** Lets TypeScript know the parameters of an entry. */
export const error = <P>(entry: ErrorEntry<P>): ErrorEntry<P> => entry;

/** JSON quoting shows control characters and where a text ends. */
export const show = (text: string): string => JSON.stringify(text);

/** At most five of the names, and how many more there are. */
export const nameSome = (names: readonly string[]): string =>
  names.length > 5
    ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`
    : names.join(", ");
