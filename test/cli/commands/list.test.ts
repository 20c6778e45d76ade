import { expect, test } from "vitest";
import { failedLines, tenantLines } from "../../../src/cli/commands/list.ts";

const tenant = (id: string, sizeBytes: number) => ({
  id,
  schema: `tenant_${id}`,
  company: "Ñandú y Cía. Ltda.",
  state: "active" as const,
  isolation: "shared" as const,
  version: 3,
  stack: "tenantry/dev",
  createdAt: new Date(0),
  failure: null as string | null,
  sizeBytes,
});

test("tenants are a table that grep and awk can read", () => {
  expect(tenantLines([tenant("a", 188_416), tenant("empresa_123", 2 ** 34)])).toEqual([
    { tone: "strong", text: "ID           STATE   VERSION    SIZE  SCHEMA              COMPANY" },
    {
      tone: "plain",
      text: "a            active        3  184 kB  tenant_a            Ñandú y Cía. Ltda.",
    },
    {
      tone: "plain",
      text: "empresa_123  active        3   16 GB  tenant_empresa_123  Ñandú y Cía. Ltda.",
    },
  ]);
});

test("who failed is told with the first line of the error", () => {
  const failed = { ...tenant("b", 1), failure: "sql/tenant/004_x.sql:1: no.\n  drop it" };
  expect(failedLines([tenant("a", 1), failed])).toEqual([
    { tone: "warning", text: "tenant b stays at 3: sql/tenant/004_x.sql:1: no." },
  ]);
});

test("names and errors send a terminal nothing but text, and stay on one line", () => {
  const company = 'A\u001b]0;owned\u0007 "<b>"\n\u202eSpA';
  const failed = { ...tenant("b", 1), company, failure: "no \u001b[2J\r\nmore" };
  const [, row] = tenantLines([failed]);
  expect(row?.text).toMatch(/A\\u\{1b\}\]0;owned\\u\{7\} "<b>"\\u\{a\}\\u\{202e\}SpA$/);
  expect(failedLines([failed])).toEqual([
    { tone: "warning", text: "tenant b stays at 3: no \\u{1b}[2J\\u{d}" },
  ]);
});
