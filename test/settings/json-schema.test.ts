import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { stackFileSchema } from "../../src/settings/json-schema.ts";
import { checkout } from "../support/project.ts";

const schema = z.fromJSONSchema(stackFileSchema() as Parameters<typeof z.fromJSONSchema>[0]);
const accepts = (config: object): boolean => schema.safeParse({ config }).success;

test("the stack dev names the schema in its first line, and keeps to it", () => {
  const text = readFileSync(join(checkout, "stacks/Pulumi.dev.yaml"), "utf8");
  expect(text).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
  expect(schema.safeParse(parse(text)).error).toBeUndefined();
});

test.each([
  { "tenantry:tenants": ["Acme"] },
  { "tenantry:tenants": [{ id: "acme", compny: "x" }] },
  { "tenantry:server": { port: 80 } },
  { "tenantry:server": { memory: "much" } },
  { "tenantry:target": "swarm" },
  { "tenantry:server": { tls: { mode: "prefer" } } },
  { "tenantry:server": { docker: { image: "postgres:16", subnet: "172.30.77.0/24" } } },
  { "tenantry:adminPassword": "in clear" },
])("an editor marks %j", (config) => {
  expect(accepts(config)).toBe(false);
});

test.each([
  {},
  { "tenantry:tenants": ["acme", { id: "b", isolation: "strict", state: "retired", pin: 2 }] },
  { "tenantry:server": { memory: "1.5 GB", parameters: { jit: false, work_mem: "4MB" } } },
  { "tenantry:roles": { user: "u", app: { generation: 2 } } },
  { "tenantry:adminPassword": { secure: "v1:x" } },
  { "aws:region": "sa-east-1" },
])("an editor accepts %j", (config) => {
  expect(accepts(config)).toBe(true);
});
