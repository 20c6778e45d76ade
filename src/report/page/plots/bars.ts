import { scaleLinear } from "d3-scale";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";

interface Bar {
  readonly label: string;
  /** The lengths that follow each other in the bar, in one unit. */
  readonly parts: readonly number[];
  /** What the length stands for, in words. */
  readonly text: string;
  /** Whether somebody should look. */
  readonly attention?: boolean;
}

interface Bars {
  readonly caption: string;
  readonly bars: readonly Bar[];
}

/** Bars that lie, as a table: the words are the page's own, so that they can be read at any width and by any reader. */
export function barTable({ caption, bars }: Bars): Markup {
  const sums = bars.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0));
  const scale = scaleLinear([0, Math.max(1, ...sums)], [0, 100]);
  const rows = bars.map(({ label, parts, text, attention = false }) => {
    let x = 0;
    const pieces = parts.map((part, index) => {
      const from = x;
      x += part;
      return markup`<rect class="part-${index}" x="${scale(from).toFixed(2)}%" width="${scale(part).toFixed(2)}%" height="100%"/>`;
    });
    return markup`<tr${attention ? markup` class="concern"` : ""}><th scope="row">${label}</th><td class="bar"><svg aria-hidden="true">${pieces}</svg></td><td class="number">${text}</td></tr>
`;
  });
  return markup`<table class="bars">
<caption>${caption}</caption>
<tbody>
${rows}</tbody>
</table>`;
}
