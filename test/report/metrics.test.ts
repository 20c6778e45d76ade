import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readStatus } from "../../src/fleet/monitor/read-status.ts";
import type { StatusFacts } from "../../src/fleet/monitor/read-status.ts";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { METRICS, prometheusText } from "../../src/report/metrics.ts";
import { sharedCluster } from "../support/cluster.ts";
import { monitorOf } from "../support/monitor.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { checkout } from "../support/project.ts";
import { noPrometheusParser, parsePrometheus } from "../support/prometheus-parser.ts";

const STACK = "tenantry/test";
const names = METRICS.map(({ name }) => name);

let platform: TestPlatform;
let facts: StatusFacts;

beforeAll(async () => {
  const cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
  for (const id of ["a", "b", "c"]) await provisionTenant(platform.ctx, spec(id));
  await updateTenant(platform.ctx, spec("b", { state: "suspended" }));
  const monitor = monitorOf(cluster, platform);
  const read = await readStatus(monitor, SQL_DIRECTORY);
  await monitor.pool.end();
  facts = {
    ...read,
    fleet: {
      ...read.fleet,
      examinations: [
        { stack: STACK, seconds: 12, findings: { "DOC-22": 2, "DOC-31": 1 } },
        { stack: "tenantry/other", seconds: 1, findings: { "DOC-10": 9 } },
      ],
    },
  };
});
afterAll(() => platform.close());

test("Prometheus' own parser reads every metric, as it was measured", async (context) => {
  if (noPrometheusParser !== undefined) return context.skip(noPrometheusParser);
  const samples = parsePrometheus(await prometheusText(facts, STACK));
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples.find(
      (sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels),
    )?.value;
  expect(new Set(samples.map(({ type }) => type))).toEqual(new Set(["gauge"]));
  expect(value("tenantry_tenants", { state: "active" })).toBe(2);
  expect(value("tenantry_tenants", { state: "suspended" })).toBe(1);
  expect(value("tenantry_tenants", { state: "retired" })).toBe(0);
  expect(value("tenantry_database_bytes")).toBe(facts.server.databaseBytes);
  expect(value("tenantry_tenants_without_archive")).toBe(3);
  expect(samples.filter(({ name }) => name === "tenantry_doctor_findings")).toMatchObject([
    { labels: { code: "DOC-22" }, value: 2 },
    { labels: { code: "DOC-31" }, value: 1 },
  ]);
  // Nobody has an archive: that is no age of 0 seconds.
  const measured = new Set(samples.map(({ name }) => name));
  expect(names.filter((name) => !measured.has(name))).toEqual(["tenantry_oldest_archive_seconds"]);
});

test("no tenant is in what is printed, and a larger fleet does not print more", async () => {
  const text = await prometheusText(facts, STACK);
  const larger = {
    ...facts,
    fleet: { ...facts.fleet, tenants: 10_000, states: { active: 10_000 } },
  };
  expect((await prometheusText(larger, STACK)).split("\n")).toHaveLength(text.split("\n").length);
  expect(text).not.toMatch(/tenant_[abc]\b|Company/);
});

const mentioned = (query: string): string[] => query.match(/\btenantry_\w+/g) ?? [];

test("the alerts and the dashboard ask for metrics that exist, and each metric is used", () => {
  const read = (file: string) => readFileSync(join(checkout, "docs", "monitoring", file), "utf8");
  const { groups } = parse(read("alerts.yaml")) as {
    groups: { rules: { alert: string; expr: string; annotations: { runbook: string } }[] }[];
  };
  const { panels } = JSON.parse(read("dashboard.json")) as {
    panels: { targets: { expr: string }[] }[];
  };
  const alerts = groups.flatMap(({ rules }) => rules);
  const queries = [
    ...alerts.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  const used = new Set(queries.flatMap(mentioned));
  expect([...used].filter((name) => !names.includes(name))).toEqual([]);
  expect(queries.filter((query) => mentioned(query).length === 0)).toEqual([]);
  const unused = names.filter((name) => !used.has(name));
  expect(unused).toEqual(["tenantry_server_start_time_seconds", "tenantry_deadlocks"]);
});
