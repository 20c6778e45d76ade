import fc from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "../../../src/core/engine-event.ts";
import { failureMarkdown, reviewMarkdown } from "../../../src/cli/review/markdown.ts";
import { markdownBlock, markdownCode } from "../../../src/cli/review/markdown-text.ts";
import { reviewOf } from "../../../src/cli/review/review.ts";
import { digestIn, mergeComment } from "../../../src/cli/review/section.ts";
import { begins, stepOf, tenantSteps } from "../../support/engine-events.ts";

const markdown = (steps: readonly Step[], maxLength = 60_000): string =>
  reviewMarkdown("prod", reviewOf(steps.map(begins)), maxLength);

const decoded = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test("a plan has a table for each kind, dangers first, and its digest", () => {
  const steps = [tenantSteps.create("acme"), tenantSteps.remove("old_one"), tenantSteps.same("b")];
  const text = markdown(steps);
  const { digest } = reviewOf(steps.map(begins));
  expect(decoded(text)).toBe(`<!-- tenantry:stack prod plan=${digest} -->
### Stack <code>prod</code>: 1 removed, 1 added, 1 unchanged

#### ⚠️ Removed (1): goes with all it holds

| what | which | how |
| --- | --- | --- |
| tenant | <code>old_one</code> | <code>drops schema tenant_old_one and what is in it</code> |

#### Added (1)

| what | which | how |
| --- | --- | --- |
| tenant | <code>acme</code> | <code>schema tenant_acme</code> |

Plan \`${digest}\`
<!-- /tenantry:stack -->
`);
  expect(digestIn(text, "prod")).toBe(digest);
});

test("a secret is never shown", () => {
  const secret = stepOf("update", "a:b:C", {
    old: { inputs: { password: "[secret]" } },
    new: { inputs: { password: "[secret]" } },
    diffs: ["password"],
  });
  expect(decoded(markdown([secret]))).toContain("password (secret) => (secret)");
});

test("a thousand tenants are counted, those that differ are named, whatever room there is", () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    tenantSteps.create(`empresa_${index}`, { company: "|".repeat(200) }),
  );
  const steps = [...many, tenantSteps.create("special", { isolation: "strict" })];
  for (const room of [2000, 10_000, 60_000]) {
    const text = markdown([...steps, tenantSteps.remove("gone")], room);
    expect(text.length).toBeLessThanOrEqual(room);
    expect(text).toContain("1 removed, 1,001 added");
    expect(text).toContain("gone");
    expect(text).toContain("special");
    expect(text).toContain("| tenants | and 1,000 | |");
  }
});

test("any text stays text: no markup, link, mention, row or end of a comment", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.constantFrom(
      "<img src=x onerror=alert(1)>",
      "a | b\n| c |",
      "--> <!-- /tenantry:stack -->",
      "[x](javascript:x) @team #1 https://evil.example `code` **b** ~~s~~ www.evil.example",
    ),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const plain = /^[^\p{Cc}\p{Cf}!-/:-@[-`{-~]*$/u;
      const inner = markdownCode(text, 1000).replace(/^<code>(.*)<\/code>$/u, "$1");
      expect(inner.replaceAll(/&#\d+;/g, "")).toMatch(plain);
      const lines = markdownBlock(text, 1000).split("\n").slice(1, -1);
      for (const line of lines) expect(line.replaceAll(/&#\d+;/g, "")).toMatch(plain);
    }),
  );
});

test("a failure is told, and never longer than there is room", () => {
  const text = failureMarkdown("prod", ["tenant x: no <b>", "another"], 60_000);
  expect(decoded(text)).toContain("2 problems, no plan");
  expect(text).not.toContain("<b>");
  expect(digestIn(text, "prod")).toBeUndefined();
  expect(failureMarkdown("prod", ["<".repeat(100_000)], 2000).length).toBeLessThanOrEqual(2000);
});

test("one comment keeps a section for each stack that is touched", () => {
  const of = (stack: string, id: string): string =>
    reviewMarkdown(stack, reviewOf([begins(tenantSteps.create(id))]), 60_000);
  const first = mergeComment("", of("prod", "a"), ["prod", "dev"]);
  const both = mergeComment(first, of("dev", "b"), ["prod", "dev"]);
  expect(both.indexOf("stack dev")).toBeLessThan(both.indexOf("stack prod"));
  const again = mergeComment(both.replaceAll("\n", "\r\n"), of("prod", "c"), ["prod", "dev"]);
  expect(digestIn(again, "prod")).not.toBe(digestIn(both, "prod"));
  expect(digestIn(again, "dev")).toBe(digestIn(both, "dev"));
  const less = mergeComment(again, "", ["dev"]);
  expect(digestIn(less, "prod")).toBeUndefined();
  expect(mergeComment(less, "", [])).toBe("<!-- tenantry:preview -->\n\nNo stack is touched.\n");
});
