/** The line (from 1) of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

/** The line of an offset as it is written, and a caret under the place. */
export function caretAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(start, end === -1 ? undefined : end);
  // Tabs are kept, so that the caret stands under the place however wide they are shown.
  const indent = line.slice(0, offset - start).replaceAll(/[^\t]/g, " ");
  return `${line}\n${indent}^`;
}

/** The offset of a character as PostgreSQL counts them: from 1, and each code point as one. */
export function offsetOf(text: string, position: number): number {
  let offset = 0;
  for (let character = 1; character < position && offset < text.length; character += 1)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}
