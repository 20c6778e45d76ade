import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";

/** From how many characters on a query is folded. */
const LONG = 160;

/** The longest that is sent. */
const LONGEST = 4000;

/** A query as text, a long one folded. @param id of what unfolds it, so that it stays so when the page is renewed */
export function queryMarkup(query: string, id: string): Markup {
  if (query.length <= LONG) return markup`<code>${query}</code>`;
  const text = query.length > LONGEST ? `${query.slice(0, LONGEST)} ...` : query;
  return markup`<details id="${id}"><summary><code>${query.slice(0, LONG)} …</code></summary><code>${text}</code></details>`;
}
