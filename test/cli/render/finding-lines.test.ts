import stringWidth from "string-width";
import { expect, test } from "vitest";
import { findingLines, meaningLines } from "../../../src/cli/render/finding-lines.ts";
import { FINDINGS } from "../../../src/core/doctor/finding-table.ts";
import type { FindingCode } from "../../../src/core/doctor/finding-table.ts";

const codes = Object.keys(FINDINGS) as FindingCode[];
const finding = (code: FindingCode, found: string) => ({
  ...{ code, subject: 'tenant_a column "Odd ""Näme".x', found },
});

test("a finding has its code and what it is about on one line, and the rest beside or below", () => {
  const texts = (found: string) =>
    findingLines([finding("DOC-22", found)], 80).map(({ text }) => text);
  expect(texts("")).toEqual(['  DOC-22  tenant_a column "Odd ""Näme".x']);
  expect(texts("text; was integer")).toEqual([
    '  DOC-22  tenant_a column "Odd ""Näme".x  text; was integer',
  ]);
  expect(texts("numeric(38,10) not null default 45; was numeric(4,2)")).toEqual([
    '  DOC-22  tenant_a column "Odd ""Näme".x',
    "          numeric(38,10) not null default 45; was numeric(4,2)",
  ]);
});

test("each code is explained once, within 80 columns and without Markdown", () => {
  const findings = codes.flatMap((code) => [finding(code, "a"), finding(code, "b")]);
  const texts = meaningLines(findings, 80).map(({ text }) => text);
  expect(texts.filter((text) => text.startsWith("  DOC-"))).toHaveLength(codes.length);
  expect(texts.filter((text) => stringWidth(text) > 80)).toEqual([]);
  expect(texts.join("\n")).not.toContain("`");
});
