/** What a terminal would act upon, or show as nothing: control characters, line separators, marks of direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text from a database as it may be printed: what would not be seen is written as `\u{1b}`. */
export function visible(text: string): string {
  return text.replaceAll(
    HIDDEN,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
