import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { provisionTenant } from "../../src/fleet/provision-tenant.ts";
import { renameTenant } from "../../src/fleet/rename-tenant.ts";
import { retireTenant } from "../../src/fleet/retire-tenant.ts";
import { updateTenant } from "../../src/fleet/update-tenant.ts";
import { scratchDirectory, sharedCluster } from "../support/cluster.ts";
import { freePort } from "../support/free-port.ts";
import { loginVariables, preparePlatform, spec } from "../support/platform.ts";
import type { TestPlatform } from "../support/platform.ts";
import { checkout } from "../support/project.ts";

const page = readFileSync(join(checkout, "docs", "runtime.md"), "utf8");

interface Example {
  readonly heading: string;
  readonly language: string;
  readonly code: string;
}

/** Every block of code on the page. */
const examples: readonly Example[] = page.split(/^## /m).flatMap((section) => {
  const heading = section.split("\n", 1)[0] ?? "";
  const blocks = [...section.matchAll(/^```(\w*)\n([^]*?)^```$/gm)];
  return blocks.map(([, language = "", code = ""]) => ({ heading, language, code }));
});
const inCode = examples.filter(({ language }) => language === "ts");
const servers = inCode.filter(({ heading }) => heading === "HTTP guard");
const programs = inCode.filter(({ heading }) => heading !== "HTTP guard");
/** The one that asks who may act for a tenant. */
const asks = servers.filter(({ code }) => code.includes("mayActFor"));
const frameworks = servers.filter((example) => !asks.includes(example));

let platform: TestPlatform;
let application: string;
let server: ChildProcess | undefined;
const env = () => loginVariables(platform.login(platform.roles.user));
const fileOf = (example: Example): string => `example-${inCode.indexOf(example)}.ts`;

beforeAll(async () => {
  platform = await preparePlatform(await sharedCluster());
  const ids = ["empresa_123", "empresa_456", "empresa_789", "empresa_900"];
  for (const id of ids) await provisionTenant(platform.ctx, spec(id));
  await updateTenant(platform.ctx, spec("empresa_456", { state: "suspended" }));
  await retireTenant(platform.ctx, spec("empresa_789", { state: "retired" }));
  await renameTenant(platform.ctx, "empresa_900", "empresa_901");
  application = scratchDirectory("application");
  const link = (name: string, target: string): void => {
    const place = join(application, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(target, place);
  };
  link("tenantry", checkout);
  for (const name of ["express", "fastify", "hono", "@hono/node-server", "kysely", "drizzle-orm"])
    link(name, join(checkout, "node_modules", name));
  for (const name of ["@types/node", "@types/express"])
    link(name, join(checkout, "node_modules", name));
  writeFileSync(join(application, "package.json"), '{ "type": "module" }');
});
afterEach(async () => {
  if (server?.kill() === true) await once(server, "exit");
  server = undefined;
});
afterAll(() => platform.close());

test("the page has nothing but what is tried here", () => {
  const others = examples.filter(({ language }) => language !== "ts");
  expect(others.map(({ heading, language }) => [heading, language])).toEqual([
    ["HTTP guard", "json"],
  ]);
  expect(programs.map(({ heading }) => heading)).toEqual([
    "Use",
    "Partitions",
    "Kysely and Drizzle",
    "OpenTelemetry",
  ]);
  expect([frameworks.length, asks.length]).toEqual([4, 1]);
});

test.each(programs)("the example of $heading runs as it is written", (example) => {
  writeFileSync(join(application, fileOf(example)), example.code);
  const { status, stderr } = spawnSync(process.execPath, [fileOf(example)], {
    cwd: application,
    encoding: "utf8",
    env: env(),
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("they did what they say", async () => {
  expect(
    await platform.rows("select topic from tenant_empresa_123.conversations order by topic"),
  ).toEqual([
    { topic: "a partition" },
    { topic: "holiday" },
    { topic: "noted" },
    { topic: "written by Kysely" },
  ]);
});

/** Starts an example that listens, on a port that is free. */
async function start(
  example: Example,
): Promise<(headers: Record<string, string>) => Promise<Response>> {
  const port = await freePort();
  writeFileSync(join(application, fileOf(example)), example.code.replace(/\b3000\b/, String(port)));
  server = spawn(process.execPath, [fileOf(example)], { cwd: application, env: env() });
  const path = /\.get\("(\/[^"]*)"/.exec(example.code)?.[1] ?? "/";
  await expect.poll(() => listens(port), { timeout: 30_000 }).toBe(true);
  return (headers) => fetch(`http://localhost:${port}${path}`, { headers });
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "localhost");
    socket
      .on("connect", () => {
        resolve(true);
      })
      .on("error", () => {
        resolve(false);
      });
    socket.on("connect", () => socket.destroy());
  });

/** The rows of the page's table of refusals, by their first words. */
function refusal(tenant: string): { readonly status: number; readonly detail: string } {
  const row = page.split("\n").find((line) => line.startsWith(`| ${tenant}`)) ?? "";
  const [, , status, detail = ""] = row.split("|").map((cell) => cell.trim());
  return { status: Number(status), detail };
}

async function refused(response: Response) {
  expect(response.headers.get("Content-Type")).toMatch("application/problem+json");
  const { status, detail } = (await response.json()) as { status: number; detail: string };
  expect(status).toBe(response.status);
  return { status, detail };
}

const importOf = ({ code }: Example): string => /from "([^"]+)"/.exec(code)?.[1] ?? "";

describe.each(frameworks.map((example) => ({ ...example, name: importOf(example), example })))(
  "the example with $name",
  ({ example }) => {
    test("serves the tenant that is named, and refuses as the page says", async () => {
      const ask = await start(example);
      const topics = await ask({ "X-Tenant-ID": "empresa_123" });
      expect(topics.headers.get("Content-Type")).toMatch("application/json");
      expect(await topics.json()).toContainEqual({ topic: "written by Kysely" });
      const [problem] = examples.filter(({ language }) => language === "json");
      expect(await (await ask({})).json()).toEqual(JSON.parse(problem?.code ?? ""));
      for (const [id, row] of [
        ["no id", "is not named"],
        ["empresa_999", "is not there"],
        ["empresa_456", "is suspended"],
        ["empresa_789", "is retired"],
        ["empresa_900", "is retired, or has another id"],
      ] as const)
        expect(await refused(await ask({ "X-Tenant-ID": id })), id).toEqual(refusal(row));
    });
  },
);

test.each(asks)("mayActFor decides who may act for whom", async (example) => {
  const ask = await start(example);
  const ana = { Authorization: "Bearer token-of-ana" };
  const answer = await ask({ ...ana, "X-Tenant-ID": "empresa_123" });
  expect([answer.status, await answer.text()]).toEqual([200, "empresa_123"]);
  const notTheirs = refusal("is not the subject's");
  expect(notTheirs.status).toBe(403);
  for (const headers of [
    { ...ana, "X-Tenant-ID": "empresa_456" },
    { ...ana, "X-Tenant-ID": "empresa_999" },
    { "X-Tenant-ID": "empresa_123" },
  ])
    expect(await refused(await ask(headers))).toEqual(notTheirs);
});

test("their types are right", { timeout: 300_000 }, () => {
  for (const example of inCode) writeFileSync(join(application, fileOf(example)), example.code);
  const files = inCode.map((example) => join(application, fileOf(example)));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    types: ["node"],
    typeRoots: [join(application, "node_modules", "@types")],
    ...{ strict: true, noEmit: true, allowImportingTsExtensions: true },
  });
  const found = files.flatMap((file) => [
    ...program.getSemanticDiagnostics(program.getSourceFile(file)),
  ]);
  expect(
    found.map(({ file, messageText }) => [
      file?.fileName,
      ts.flattenDiagnosticMessageText(messageText, "\n"),
    ]),
  ).toEqual([]);
});
