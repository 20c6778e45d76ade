/** Quotes a text for a POSIX shell, so that `eval` gives it back; a harmless one stays bare. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
