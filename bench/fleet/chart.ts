import { scaleBand, scaleLog } from "d3-scale";
import { markup } from "../../src/report/page/markup.ts";
import type { Markup } from "../../src/report/page/markup.ts";
import type { MeasuredFleet } from "./measure-fleets.ts";
import { STEPS } from "./fleet-costs.ts";
import type { FleetCosts, Step } from "./fleet-costs.ts";

const PANEL = { width: 760, height: 220, left: 56, right: 16, top: 34, bottom: 30 };
const LEGEND_LINE = 18;
/** Told apart by people who see colours differently, on white and on black: Okabe and Ito's. */
const COLOURS = ["#999999", "#0072b2", "#56b4e9", "#d55e00", "#e69f00"];
const DECADES = [0.01, 0.1, 1, 10, 100, 1000, 10_000];

/**
 * The fleets as one picture: a panel a size, a group of bars a step, a bar a way; seconds on a logarithmic scale. What
 * failed has no bar.
 */
export function fleetChart(fleets: readonly MeasuredFleet[]): string {
  const ways = [...new Set(fleets.flatMap((fleet) => fleet.ways.map(({ way }) => way)))];
  const legendHeight = ways.length * LEGEND_LINE;
  const height = legendHeight + fleets.length * PANEL.height;
  const summary = `Seconds to keep fleets of ${fleets.map(({ tenants }) => tenants).join(", ")} tenants, by way and step.`;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PANEL.width} ${height}" role="img" aria-label="${summary}">
<style>
text { font: 12px system-ui, sans-serif; fill: #333 }
line { stroke: #ccc }
@media (prefers-color-scheme: dark) { text { fill: #ddd } line { stroke: #444 } }
</style>
${ways.map((way, index) => legendEntry(way, index))}
${fleets.map((fleet, index) => panel(fleet, ways, legendHeight + index * PANEL.height))}
</svg>
`.text;
}

function legendEntry(way: string, index: number): Markup {
  const y = index * LEGEND_LINE;
  return markup`<rect x="${PANEL.left}" y="${y + 5}" width="10" height="10" fill="${colour(index)}"/><text x="${PANEL.left + 16}" y="${y + 14}">${way}</text>`;
}

const colour = (index: number): string => COLOURS[index % COLOURS.length] ?? "";

function panel({ tenants, ways }: MeasuredFleet, all: readonly string[], offset: number): Markup {
  const { width, height, left, right, top, bottom } = PANEL;
  const seconds = ways.flatMap((way) => STEPS.flatMap((step) => secondsOf(way, step) ?? []));
  const y = scaleLog([Math.min(...seconds) / 2, Math.max(...seconds)], [height - bottom, top]);
  const group = scaleBand(STEPS, [left, width - right]).paddingInner(0.15);
  const bar = scaleBand(all, [0, group.bandwidth()]).paddingInner(0.1);
  const [low = 0, high = 0] = y.domain();
  const ticks = DECADES.filter((decade) => decade >= low && decade <= high);
  return markup`<g transform="translate(0 ${offset})">
<text x="${left}" y="20" font-weight="600">${tenants.toLocaleString("en")} tenants</text>
${ticks.map((tick) => markup`<line x1="${left}" x2="${width - right}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}"/><text x="${left - 6}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick} s</text>`)}
${STEPS.map((step) => {
  const x = group(step) ?? 0;
  const bars = ways.flatMap((way) => {
    const value = secondsOf(way, step);
    if (value === undefined) return [];
    const from = x + (bar(way.way) ?? 0);
    const words = `${way.way}, ${step}: ${value.toFixed(2)} s`;
    return [
      markup`<rect x="${from.toFixed(1)}" y="${y(value).toFixed(1)}" width="${bar.bandwidth().toFixed(1)}" height="${(height - bottom - y(value)).toFixed(1)}" fill="${colour(all.indexOf(way.way))}"><title>${words}</title></rect>`,
    ];
  });
  return markup`${bars}<text x="${(x + group.bandwidth() / 2).toFixed(1)}" y="${height - 10}" text-anchor="middle">${step}</text>`;
})}
</g>`;
}

function secondsOf({ costs }: FleetCosts, step: Step): number | undefined {
  const cost = costs[step];
  return cost === undefined || "failed" in cost ? undefined : cost.seconds;
}
