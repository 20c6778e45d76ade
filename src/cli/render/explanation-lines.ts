import type { Explanation } from "../../core/explain/explain-error.ts";
import type { TenantExplanation } from "../../core/explain/explain-tenant.ts";
import { line } from "./line.ts";
import type { Line } from "./line.ts";
import { printable } from "./printable.ts";
import { hang, wrap } from "./wrap.ts";

const INDENT = "  ";

/** What errors mean, what is so with the tenant, and the commands to run next, each once. */
export function explanationLines(
  explanations: readonly Explanation[],
  tenant: TenantExplanation | undefined,
  width: number,
): Line[] {
  const next = new Set([
    ...(tenant?.next ?? []),
    ...explanations.flatMap(({ next: commands }) => commands),
  ]);
  return [
    ...explanations.flatMap(({ code, title, meaning }) => [
      line(`${INDENT}${code}  ${title}`, "strong"),
      ...wrap(meaning.replaceAll("`", ""), width - INDENT.length).map((text) =>
        line(INDENT + text),
      ),
    ]),
    ...(tenant === undefined
      ? []
      : hang(`${INDENT}tenant ${tenant.id}`, printable(tenant.state), 0, width).map((text) =>
          line(text, "change"),
        )),
    ...[...next].map((command, index) =>
      line(`${INDENT}${index === 0 ? "next" : "    "}  ${command}`),
    ),
  ];
}
