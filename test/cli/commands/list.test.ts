import { expect, test } from "vitest";
import { tenantLines } from "../../../src/cli/commands/list.ts";

const tenant = (id: string, sizeBytes: number) => ({
  id,
  schema: `tenant_${id}`,
  company: "Ñandú y Cía. Ltda.",
  state: "active" as const,
  isolation: "shared" as const,
  version: 3,
  stack: "tenantry/dev",
  createdAt: new Date(0),
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
