import { join } from "node:path";
import { writeFile } from "../../src/system/write-file.ts";
import { fleetChart } from "./chart.ts";
import { measureFleets } from "./measure-fleets.ts";
import { fleetLines } from "./report-fleet.ts";

/** Where the docs have them. */
const RESULTS = join(import.meta.dirname, "..", "..", "docs", "bench");

/**
 * Measures fleets of sizes such as "100,1000", prints them, and keeps them for the docs.
 *
 * @throws {Error} for anything but whole numbers from 1 to 10,000
 */
export async function benchFleets(list: string): Promise<void> {
  const sizes = list.split(",").map(Number);
  if (!sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 10_000))
    throw new Error(`--fleets ${list}: whole numbers from 1 to 10000 are needed, as in 100,1000.`);
  const fleets = await measureFleets(sizes, (line) => process.stderr.write(`${line}\n`));
  writeFile(join(RESULTS, "fleets.json"), `${JSON.stringify(fleets, null, 2)}\n`);
  writeFile(join(RESULTS, "fleets.svg"), fleetChart(fleets));
  process.stdout.write(`${fleetLines(fleets).join("\n")}\n`);
}
