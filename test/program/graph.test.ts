import { expect, test } from "vitest";
import { runProgram } from "./graph.ts";
import type { Registration } from "./graph.ts";

const config = {
  "tenantry:target": "embedded",
  "tenantry:disposable": "false",
  "tenantry:server": '{"port": 54399, "memory": "1 GB", "capacity": {"tenants": 64}}',
  "tenantry:tenants":
    '["empresa_1", {"id": "empresa_2", "company": "Dos SpA", "state": "retired"}]',
};

const describe = ({
  type,
  name,
  parent,
  protect,
  deletedWith,
  dependencies,
}: Registration): string =>
  [
    `${type.replace("tenantry:index:", "")} ${name} in ${parent}`,
    protect ? " protected" : "",
    deletedWith ? ` deleted with ${deletedWith}` : "",
    dependencies.length > 0 ? ` after ${dependencies.join(", ")}` : "",
  ].join("");

test("the graph of a stack that keeps data", async () => {
  const { registrations } = await runProgram(config);
  await expect(registrations.map(describe).sort().join("\n")).toMatchFileSnapshot(
    "graph.protected.txt",
  );
});

test("the graph of a disposable stack", async () => {
  const { registrations } = await runProgram({ ...config, "tenantry:disposable": "true" });
  await expect(registrations.map(describe).sort().join("\n")).toMatchFileSnapshot(
    "graph.disposable.txt",
  );
});

test("each tenant is one resource with one property, and only a retired one may go", async () => {
  const { registrations } = await runProgram(config);
  const tenants = registrations.filter(({ type }) => type === "tenantry:index:Tenant");
  expect(tenants.map(({ name, inputs, protect }) => ({ name, inputs, protect }))).toEqual([
    {
      name: "empresa_1",
      protect: true,
      inputs: {
        spec: { id: "empresa_1", company: "empresa_1", state: "active", isolation: "shared" },
      },
    },
    {
      name: "empresa_2",
      protect: false,
      inputs: {
        spec: { id: "empresa_2", company: "Dos SpA", state: "retired", isolation: "shared" },
      },
    },
  ]);
});

test("names of postgresql resources are always set, and passwords are verifiers", async () => {
  const { registrations } = await runProgram(config);
  const roles = registrations.filter(({ type }) => type === "postgresql:index/role:Role");
  expect(roles.length).toBeGreaterThanOrEqual(7);
  for (const { inputs } of roles) expect(inputs.name).toMatch(/^nostromo_/);
  const named = registrations.filter(({ type }) => /:(Role|Database|Schema|Extension)$/.test(type));
  for (const { inputs } of named) expect(inputs.name).toBeTypeOf("string");
});

test("the outputs say where the database is, and list no tenant", async () => {
  const { outputs } = await runProgram(config);
  expect(Object.keys(outputs).sort()).toEqual(["connection", "tenantCount"]);
  expect(outputs.tenantCount).toBe(2);
});
