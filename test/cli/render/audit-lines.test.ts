import { expect, test } from "vitest";
import { auditLines } from "../../../src/cli/render/audit-lines.ts";

const entry = {
  id: 1,
  createdAt: new Date("2030-01-02T03:04:05Z"),
  actor: "postgres",
  action: "tenant.updated",
  tenant: "a",
  before: { state: "active", company: "A" },
  after: { state: "suspended", company: "A \u001b[31m\u202eB" },
  run: "0f9e8d7c-1111-2222-3333-444455556666",
};

test("an entry is a line, and nothing in it reaches the terminal", () => {
  const texts = auditLines([
    entry,
    {
      ...entry,
      actor: "e\u0007vil",
      action: "x\ny",
      tenant: null,
      run: null,
      before: null,
      after: null,
    },
  ]).map(({ text }) => text);
  expect(texts).toEqual([
    "TIME (UTC)           RUN       ACTOR      ACTION          TENANT  WHAT",
    String.raw`2030-01-02 03:04:05  0f9e8d7c  postgres   tenant.updated  a       state active => suspended, company A => "A \u001b[31m\u{202e}B"`,
    String.raw`2030-01-02 03:04:05  -         e\u{7}vil  x\u{a}y         -`,
  ]);
});
