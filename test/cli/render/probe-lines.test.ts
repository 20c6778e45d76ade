import { expect, test } from "vitest";
import { noticeLines, probeLines } from "../../../src/cli/render/probe-lines.ts";
import type { Capability } from "../../../src/core/capabilities.ts";
import type { ExistingFacts } from "../../../src/server/existing-server.ts";

const capability = (
  name: string,
  verdict: Capability["verdict"],
  lost = `no ${name}`,
): Capability => ({ capability: name, verdict, lost, remedy: `GRANT ${name};` });
const facts: ExistingFacts = {
  version: "16.4",
  systemIdentifier: "7",
  pendingRestart: ["max_connections"],
  capabilities: [
    capability("superuser", "there"),
    capability("pg_monitor", "left out"),
    capability("createdb", "missing"),
    capability("pg_file_settings", "optional"),
  ],
  differences: [
    { name: "work_mem", declared: "12MB", found: "4MB", needsRestart: false },
    { name: "shared_preload_libraries", declared: "a,b", found: "", needsRestart: true },
    { name: "x.y", declared: "1", found: null, needsRestart: false },
  ],
  fileProblems: ["postgresql.conf:3 nonsense"],
};
const texts = (given: ExistingFacts): string[] => probeLines(given, 80).map(({ text }) => text);

test("a superuser gets statements", () => {
  expect(texts(facts)).toEqual([
    "  yes       superuser",
    "  left out  pg_monitor              no pg_monitor",
    "                                    GRANT pg_monitor;",
    "  missing   createdb                no createdb",
    "                                    GRANT createdb;",
    "  no        pg_file_settings        no pg_file_settings",
    "                                    GRANT pg_file_settings;",
    "2 settings of the server are not what the stack declares. Nothing here changes them; whoever runs the server can:",
    "  ALTER SYSTEM SET work_mem = '12MB';  -- it is 4MB",
    "  ALTER SYSTEM SET shared_preload_libraries = 'a', 'b';  -- it is empty; needs a restart",
    "  SELECT pg_reload_conf();",
    "Not known, or not to be seen by this role: x.y",
    "Changed there, and waiting for a restart: max_connections",
    "Lines of its configuration files that it does not take:",
    "  postgresql.conf:3 nonsense",
  ]);
});

test("anybody else gets lines of a service's parameters", () => {
  const lines = texts({ ...facts, capabilities: [capability("superuser", "optional")] });
  expect(lines).toContain("  work_mem = 12MB  # it is 4MB");
  expect(lines.join("\n")).not.toContain("ALTER SYSTEM");
});

test("a server that has it all is said to", () => {
  const same = { ...facts, pendingRestart: [], differences: [], fileProblems: [] };
  expect(texts(same).at(-1)).toBe("All its settings are what the stack declares.");
  expect(noticeLines({ ...same, capabilities: [] })).toEqual([]);
});

test("`up` says in short what the stack goes without, and that settings differ", () => {
  expect(noticeLines(facts).map(({ text }) => text)).toEqual([
    "Without pg_monitor: no pg_monitor.",
    "2 settings of the server are not what the stack declares: npx tenantry probe shows them.",
  ]);
});
