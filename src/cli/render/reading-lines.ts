import type { Reading } from "../../fleet/monitor/read-growth.ts";
import { cut } from "./cut.ts";
import { counted, moment, size } from "../../core/format.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";

/** A reading that was kept, in one line. */
export function readingLines(reading: Reading, width: number): Line[] {
  const { takenAt, databaseBytes, dataBytes, indexBytes, states } = reading;
  const tenants = Object.values(states).reduce((sum, number) => sum + number, 0);
  const sizes = `database ${size(databaseBytes)}, ${counted(tenants, "tenant")} ${size(dataBytes + indexBytes)}`;
  return [line(cut(`  recorded ${moment(takenAt)} UTC: ${sizes}`, width))];
}
