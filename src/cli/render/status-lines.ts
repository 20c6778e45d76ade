import type { StatusFacts } from "../../fleet/monitor/read-status.ts";
import { statusWords } from "../../report/status-words.ts";
import { cut } from "./cut.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { printable } from "./printable.ts";

/** How far the names of the lines reach. */
const NAME = 13;

/** The state of a server and its fleet, a fact a line; `!` before what needs attention. */
export function statusLines(
  facts: StatusFacts,
  { stack, now, width }: { readonly stack: string; readonly now: Date; readonly width: number },
): Line[] {
  return statusWords(facts, { stack, now }).map(({ name, text, attention }) => {
    const whole = `${attention ? "!" : " "} ${name.padEnd(NAME)}${printable(text)}`;
    return line(cut(whole, width), attention ? "warning" : "plain");
  });
}
