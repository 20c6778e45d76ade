import { lineAt } from "./text-position.ts";
import { scanSql } from "./sql-scanner.ts";

/** One statement, ready to be sent, and where it comes from. */
export interface SqlStatement {
  readonly text: string;
  /** For `$1` ...; never shown. */
  readonly values?: readonly unknown[];
  /** The file it stands in, or what it does when it stands in none. */
  readonly file: string;
  /** The line it starts at, from 1; absent when it stands in no file. */
  readonly line?: number;
}

/**
 * Divides a file into its statements, without their semicolons and leading comments. Semicolons within quotes,
 * comments, parentheses and `BEGIN ATOMIC` bodies do not end a statement.
 *
 * @throws {TenantryError} TNT-508 when a quote or comment is never closed.
 */
export function splitSql(sql: string, file: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let start: number | undefined;
  const close = (end: number): void => {
    const text = start === undefined ? "" : sql.slice(start, end).trimEnd();
    if (start !== undefined && text !== "")
      statements.push({ text, file, line: lineAt(sql, start) });
    start = undefined;
  };
  const nesting = new Nesting();
  for (const piece of scanSql(sql, file)) {
    if (piece.kind === "comment") continue;
    if (piece.kind === "quoted") {
      start ??= piece.start;
      continue;
    }
    for (const { 0: token, index } of sql.slice(piece.start, piece.end).matchAll(TOKEN)) {
      const at = piece.start + index;
      if (token === ";" && !nesting.isInside) close(at);
      else start ??= at;
      nesting.read(token.toLowerCase());
    }
  }
  close(sql.length);
  return statements;
}

const TOKEN = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\S/g;

/** How deep a token stands in parentheses and in `BEGIN ATOMIC ... END` bodies (where `CASE` also ends with `END`). */
class Nesting {
  #parentheses = 0;
  #bodies = 0;
  #previous = "";

  get isInside(): boolean {
    return this.#parentheses > 0 || this.#bodies > 0;
  }

  read(token: string): void {
    if (token === "(") this.#parentheses += 1;
    else if (token === ")") this.#parentheses = Math.max(0, this.#parentheses - 1);
    else if (token === "atomic" && this.#previous === "begin") this.#bodies += 1;
    else if (this.#bodies > 0 && token === "case") this.#bodies += 1;
    else if (this.#bodies > 0 && token === "end") this.#bodies -= 1;
    this.#previous = token;
  }
}
