/** HTML that is safe to send: made by `markup`, or said to be so by `trusted`. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in `markup`: a text, which is escaped, or HTML. */
type Piece = string | number | Markup | readonly Markup[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const htmlOf = (piece: Piece): string => {
  if (piece === undefined) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "object") return piece.map(({ text }) => text).join("");
  return String(piece).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
};

/** HTML from a template: whatever is put into it stays text, between tags and in quoted attributes. */
export const markup = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  new Markup(strings.reduce((html, next, index) => html + htmlOf(pieces[index - 1]) + next));

/** HTML of the page's own, never of what was read from a database. */
export const trusted = (html: string): Markup => new Markup(html);

/** A value as JSON within a `script` element, which no text of it can end. */
export const jsonMarkup = (value: unknown): Markup =>
  new Markup(JSON.stringify(value).replaceAll("<", "\\u003c"));
