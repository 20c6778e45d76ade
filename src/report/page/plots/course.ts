import { scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { moment } from "../moment.ts";

/** A value at a moment. */
interface Point {
  readonly at: Date;
  readonly value: number;
}

interface Course {
  readonly title: string;
  /** The oldest first; two at least. */
  readonly points: readonly Point[];
  /** How a value is written. */
  readonly text: (value: number) => string;
  /** What the values are counted in, so that round numbers stand at the axis. Default: 1. */
  readonly unit?: number;
}

const DAY_MS = 86_400_000;

/** Small enough that its words can be read on a phone, where it is as wide as the page. */
const SIZE = { width: 360, height: 190, left: 62, right: 14, top: 10, bottom: 26 };

const times = (points: readonly Point[]): [Date, Date] => {
  const first = points[0]?.at ?? new Date(0);
  return [first, points.at(-1)?.at ?? first];
};

/** How a value went over time: an area from zero, with both axes. */
export function coursePlot({ title, points, text, unit = 1 }: Course): Markup {
  const { width, height, left, right, top, bottom } = SIZE;
  const x = scaleUtc(times(points), [left, width - right]);
  const most = Math.max(1, ...points.map(({ value }) => value / unit));
  const y = scaleLinear([0, most], [height - bottom, top]).nice(4);
  const across = (point: Point): number => x(point.at);
  const up = (point: Point): number => y(point.value / unit);
  const shape = area<Point>(across, height - bottom, up).digits(1)([...points]) ?? "";
  const edge = line<Point>(across, up).digits(1)([...points]) ?? "";
  const [first, last] = times(points);
  const when = x.tickFormat(4, last.getTime() - first.getTime() < 2 * DAY_MS ? "%H:%M" : "%b %-d");
  const [from, to] = [points[0]?.value ?? 0, points.at(-1)?.value ?? 0];
  const summary = `${title}: ${text(from)} at ${moment(first)}, ${text(to)} at ${moment(last)}.`;
  return markup`<figure class="course">
<figcaption>${title}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary}">
${y.ticks(4).map((tick) => markup`<g class="tick"><line x1="${left}" x2="${width - right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${text(tick * unit)}</text></g>`)}
<path class="area" d="${shape}"/><path class="edge" d="${edge}"/>
${x.ticks(4).map((tick) => markup`<text class="tick" x="${x(tick).toFixed(1)}" y="${height - 8}" text-anchor="middle">${when(tick)}</text>`)}
</svg>
</figure>`;
}
