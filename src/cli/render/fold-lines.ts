import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { plainName } from "./plain-name.ts";
import { hang } from "./wrap.ts";

/** What folding came to. */
export interface FoldResult {
  readonly folded: boolean;
  readonly pending: readonly { readonly type: string; readonly urn: string }[];
  /** The file a damaged journal is kept in. */
  readonly kept: string | undefined;
}

/** What folding a journal came to, and what to think of before the next run. */
export function foldLines({ folded, pending, kept }: FoldResult, width: number): Line[] {
  if (!folded) return [line("  nothing to fold: the state holds all that was done")];
  const interrupted = pending.map(({ type, urn }) => `${plainName(urn)} (${type})`);
  const rows: readonly (readonly [string, string, Line["tone"]])[] = [
    ["  folded", "the state holds all that was done; either engine goes on from it", "plain"],
    ...(kept === undefined ? [] : [["  kept", kept, "plain"] as const]),
    ...(interrupted.length === 0
      ? []
      : [["  done or not", interrupted.join(", "), "warning"] as const]),
  ];
  return rows.flatMap(([title, text, tone]) =>
    hang(title, text, 15, width).map((row) => line(row, tone)),
  );
}
