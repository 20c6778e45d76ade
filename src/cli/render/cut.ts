import stringWidth from "string-width";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A text that is at most so many columns wide; an ellipsis ends what was cut. */
export function cut(text: string, width: number): string {
  // Nothing takes less than half a column a code unit but what joins others.
  if (text.length <= width && stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = stringWidth(segment);
    if (used + next > width - 1) return width < 1 ? "" : `${kept}…`;
    kept += segment;
    used += next;
  }
  return kept;
}
