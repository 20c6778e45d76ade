import { scanOpenSql } from "../sql-scanner.ts";

/** A number or a parameter; not the digits of a name. */
const NUMBER =
  /(?<![\w$\u0080-\uffff])(?:\$\d+|\.?\d(?:[\d_.]|[eE][+-]?(?=\d)|[\w\u0080-\uffff])*)/g;

/** What stands before a string and belongs to it: `E''`, `B''`, `X''`, `N''`, `U&''`. */
const STRING_PREFIX = /(?<![\w$\u0080-\uffff])(?:[ebxn]|u&)$/i;

const LIST = /\?(?:\s*,\s*\?)+/g;
const ROWS = /\(\?(?:, \.\.\.)?\)(?:\s*,\s*\(\?(?:, \.\.\.)?\))+/g;

/** Whether a plain string that ends in a backslash ends elsewhere with standard_conforming_strings off. */
const isAmbiguous = (string: string): boolean => /(?:^|[^\\])(?:\\\\)*\\'$/.test(string);

/** Takes what belongs to the string that follows off the end of what is shown. */
function takePrefix(parts: string[]): string {
  const before = parts.pop() ?? "";
  const prefix = STRING_PREFIX.exec(before)?.[0] ?? "";
  parts.push(before.slice(0, before.length - prefix.length));
  return prefix;
}

/**
 * A query without the data in its text, so that it may be shown: strings, numbers and parameters become `?`, lists of
 * them `?, ...`; comments go. Names stay, quoted ones too. A text may have been cut anywhere: what is left open, and what
 * could be read in two ways, is not shown; `...` stands for it.
 */
export function normaliseQuery(sql: string): string {
  const { pieces, open } = scanOpenSql(sql);
  const parts: string[] = [];
  let hidden = false;
  for (const { kind, start, end } of pieces) {
    const piece = sql.slice(start, end);
    if (kind === "comment") parts.push(" ");
    else if (kind === "code") parts.push(piece.replace(NUMBER, "?"));
    else if (piece.startsWith('"')) parts.push(piece);
    else {
      const prefix = takePrefix(parts);
      parts.push("?");
      hidden = piece.startsWith("'") && !/^e$/i.test(prefix) && isAmbiguous(piece);
      if (hidden) break;
    }
  }
  if (open !== undefined && !hidden) {
    takePrefix(parts);
    hidden = true;
  }
  const lists = parts
    .join("")
    .replace(/\s+/g, " ")
    .trim()
    .replace(LIST, "?, ...")
    .replace(ROWS, "(?, ...), ...");
  return hidden ? `${lists} ...`.trimStart() : lists;
}
