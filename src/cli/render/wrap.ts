import stringWidth from "string-width";

/**
 * Breaks a text at spaces so that no line is wider than `width` columns; a longer word keeps its own line, since a
 * name that is cut cannot be searched for.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (current !== "" && stringWidth(longer) > width) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}

/** What a column of text needs; with less room it stands below its head. */
const NARROWEST = 24;

const BELOW = " ".repeat(6);

/** A text after a head, wrapped in its own column: later lines are indented to where it starts. */
export function hang(head: string, text: string, column: number, width: number): string[] {
  const gap = " ".repeat(Math.max(2, column - stringWidth(head)));
  if (text === "") return [head];
  const indent = stringWidth(head) + gap.length;
  const room = width - indent;
  if (room < NARROWEST && stringWidth(text) > room)
    return [head, ...wrap(text, Math.max(NARROWEST, width - BELOW.length)).map((it) => BELOW + it)];
  const [first = "", ...rest] = wrap(text, room);
  return [`${head}${gap}${first}`, ...rest.map((more) => " ".repeat(indent) + more)];
}
