import stringWidth from "string-width";
import type { Finding } from "../../core/doctor/finding.ts";
import { FINDINGS } from "../../core/doctor/finding-table.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { wrap } from "./wrap.ts";

/** Where the text beside a code stands. */
const INDENT = " ".repeat("DOC-nn".length + 4);

/** Findings, each beginning with its code and what it is about on one line, so that `grep` finds it. */
export function findingLines(findings: readonly Finding[], width: number): Line[] {
  return findings.flatMap(({ code, subject, found }) => {
    const head = `  ${code}  ${subject}`;
    if (found === "") return [line(head, "warning")];
    const whole = `${head}  ${found}`;
    if (stringWidth(whole) <= width) return [line(whole, "warning")];
    return [line(head, "warning"), ...indented(found, width).map((text) => line(text))];
  });
}

/** What the codes of findings mean and what mends them, each once. */
export function meaningLines(findings: readonly Finding[], width: number): Line[] {
  const codes = new Set(findings.map(({ code }) => code));
  return [...codes].flatMap((code) => {
    const { title, meaning, remedy } = FINDINGS[code];
    const text = `${meaning} ${remedy}`.replaceAll("`", "");
    return [
      line(""),
      line(`  ${code}  ${title}`, "strong"),
      ...indented(text, width).map((part) => line(part)),
    ];
  });
}

const indented = (text: string, width: number): string[] =>
  wrap(text, width - INDENT.length).map((part) => INDENT + part);
