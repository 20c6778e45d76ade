/** Characters that are neither seen nor harmless: controls, line ends, marks that turn the direction of text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Markdown and HTML give a meaning to punctuation only. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

const entity = (character: string): string => `&#${character.charCodeAt(0)};`;

/**
 * Any text as inline code that shows it as it is, on one line, in a table too: nothing in it makes markup, a link, a
 * mention or the end of a comment.
 */
export function markdownCode(text: string, limit = 300): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
  const escaped = cut.replaceAll(UNSEEN, "\ufffd").replaceAll(PUNCTUATION, entity);
  return escaped === "" ? "" : `<code>${escaped}</code>`;
}

/** Any text of several lines, as it is. */
export function markdownBlock(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}\n...` : text;
  const lines = cut
    .split(/\r?\n/)
    .map((line) => line.replaceAll(UNSEEN, "\ufffd").replaceAll(PUNCTUATION, entity));
  // A blank line would not end the block, yet some renderers think so.
  return `<pre>\n${lines.map((line) => (line === "" ? " " : line)).join("\n")}\n</pre>`;
}
