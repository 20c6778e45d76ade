import { TenantryError } from "./errors.ts";
import { lineAt } from "./text-position.ts";

/** A piece of SQL text, from `start` up to `end`. */
export interface SqlPiece {
  /** `quoted`: a string, identifier or dollar-quoted body with its quotes; `code`: everything else. */
  readonly kind: "code" | "quoted" | "comment";
  readonly start: number;
  readonly end: number;
}

const OPENING = /--|\/\*|'|"|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g;
const WORD_END = /[\w$\u0080-\uffff]$/;

/** A text that was divided. */
interface ScannedSql {
  readonly pieces: readonly SqlPiece[];
  /** The quote or comment that is never closed: the pieces end before it. */
  readonly open?: { readonly mark: string; readonly start: number };
}

/**
 * Divides SQL into code, quoted text and comments, as PostgreSQL's lexer does with standard_conforming_strings on.
 * The pieces cover the text without gaps.
 *
 * @throws {TenantryError} TNT-508 when a quote or comment is never closed.
 */
export function scanSql(sql: string, file: string): readonly SqlPiece[] {
  const { pieces, open } = scanOpenSql(sql);
  if (open === undefined) return pieces;
  throw new TenantryError("TNT-508", { file, line: lineAt(sql, open.start), mark: open.mark });
}

/** The same for a text that may have been cut anywhere. */
export function scanOpenSql(sql: string): ScannedSql {
  const pieces: SqlPiece[] = [];
  const opening = new RegExp(OPENING);
  let codeStart = 0;
  for (let match = opening.exec(sql); match !== null; match = opening.exec(sql)) {
    const start = match.index;
    const [mark] = match;
    // `a$b$c` is one name: a dollar quote cannot start within a word.
    if (mark.startsWith("$") && start > codeStart && WORD_END.test(sql.charAt(start - 1))) {
      opening.lastIndex = start + 1;
      continue;
    }
    const end = endOf(sql, start, mark, codeStart);
    if (start > codeStart) pieces.push({ kind: "code", start: codeStart, end: start });
    if (end === undefined) return { pieces, open: { mark, start } };
    const kind = mark === "--" || mark === "/*" ? "comment" : "quoted";
    pieces.push({ kind, start, end });
    codeStart = end;
    opening.lastIndex = end;
  }
  if (codeStart < sql.length) pieces.push({ kind: "code", start: codeStart, end: sql.length });
  return { pieces };
}

/**
 * Where what was opened by `mark` at `start` ends; `undefined` when it never does.
 *
 * @param codeStart where the code before it begins
 */
function endOf(sql: string, start: number, mark: string, codeStart: number): number | undefined {
  if (mark === "--") return indexAfter(sql, "\n", start) ?? sql.length;
  if (mark === "/*") return endOfComment(sql, start);
  if (mark.startsWith("$")) return indexAfter(sql, mark, start + mark.length);
  const escapes =
    mark === "'" && /(?:^|[^\w$])e$/i.test(sql.slice(Math.max(codeStart, start - 2), start));
  for (let at = start + 1; at < sql.length; at += 1) {
    if (escapes && sql[at] === "\\") at += 1;
    else if (sql[at] === mark) {
      if (sql[at + 1] !== mark) return at + 1;
      at += 1;
    }
  }
  return undefined;
}

/** Comments nest in PostgreSQL. */
function endOfComment(sql: string, start: number): number | undefined {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(sql); match !== null; match = edge.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return undefined;
}

function indexAfter(sql: string, text: string, from: number): number | undefined {
  const at = sql.indexOf(text, from);
  return at === -1 ? undefined : at + text.length;
}
