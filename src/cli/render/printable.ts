/** What a terminal would act upon or hide: control characters, formats such as the reversal of writing, separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text that does nothing to a terminal and stays on one line: characters that are no print are written as their
 * numbers, `\u{1b}`. Names and queries come from others.
 */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);
