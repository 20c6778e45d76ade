import { createServer, request as httpRequest } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { currentPartition, requestTenant } from "../../src/runtime/guard/request-tenant.ts";
import { tenantGuard as expressGuard } from "../../src/runtime/guard/express.ts";
import { tenantGuard as fastifyGuard } from "../../src/runtime/guard/fastify.ts";
import type { GuardOptions, TenantStanding } from "../../src/runtime/guard/guard-options.ts";
import { tenantGuard as honoGuard } from "../../src/runtime/guard/hono.ts";
import { tenantGuard } from "../../src/runtime/guard/tenant-guard.ts";

const TENANTS: Readonly<Record<string, TenantStanding>> = {
  active: { state: "active", key: "former" },
  another: { state: "active", key: "another" },
  suspended: { state: "suspended", key: "suspended" },
  retired: { state: "retired", key: "retired" },
  renamed: { state: "renamed", key: "renamed" },
};
const NO_TENANT = { status: 400, detail: "The request does not name a tenant." };

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

let asked: string[] = [];
const standing = (id: string): Promise<TenantStanding | undefined> => {
  asked.push(id);
  if (id === "down") return Promise.reject(new Error("no database"));
  return Promise.resolve(Object.hasOwn(TENANTS, id) ? TENANTS[id] : undefined);
};

/** What an application answers after some work of its own. */
async function work(): Promise<string> {
  await nextTurn();
  return `${requestTenant().id} ${currentPartition()}`;
}

/** The same application in each framework. */
const APPLICATIONS: Record<string, (options: GuardOptions<unknown>) => Promise<RequestListener>> = {
  "node:http": (options) => {
    const guard = tenantGuard(options);
    return Promise.resolve((request, response) => {
      guard(request, response, (error) => {
        if (error === undefined) void work().then((text) => response.end(text));
        else response.writeHead(500).end();
      });
    });
  },
  express: (options) => {
    const app = express();
    app.use(express.json(), expressGuard(options));
    app.use(async (_, response) => {
      response.send(await work());
    });
    return Promise.resolve(app);
  },
  fastify: async (options) => {
    const app = fastify();
    app.addHook("onRequest", fastifyGuard(options));
    app.all("/", () => work());
    await app.ready();
    return (request, response) => {
      app.routing(request, response);
    };
  },
  hono: (options) => {
    const app = new Hono();
    app.use(honoGuard(options));
    app.onError((_, context) => context.body(null, 500));
    app.all("/", async (context) => context.text(await work()));
    return Promise.resolve(getRequestListener(app.fetch));
  },
};

/** Sends a request with the headers as they are, repeated ones included. */
function send(port: number, headers: string[], body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const options = { port, method, headers: ["Host", "localhost", ...headers] };
    const sent = httpRequest(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        const type = response.headers["content-type"]?.split(";")[0];
        resolve({ status: response.statusCode, type, body: text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe.each(Object.keys(APPLICATIONS))("the guard in %s", (framework) => {
  const server = createServer();
  let port: number;
  const ask = (...headers: string[]) => send(port, headers);
  const mount = async (options: GuardOptions<unknown>) => {
    server.removeAllListeners("request");
    server.on("request", await APPLICATIONS[framework]!(options));
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("a request that names an active tenant runs for it", async () => {
    await mount({ standing });
    expect(await ask("X-Tenant-ID", "active")).toMatchObject({
      status: 200,
      body: "active former",
    });
    expect(await ask("x-tenant-id", "another")).toMatchObject({ body: "another another" });
  });

  test("a body that comes later changes nothing", async () => {
    await mount({ standing });
    const body = JSON.stringify({ text: "x".repeat(50_000) });
    const headers = ["X-Tenant-ID", "active", "Content-Type", "application/json"];
    expect(await send(port, headers, body)).toMatchObject({ status: 200, body: "active former" });
  });

  test("requests at the same time each run for their own", async () => {
    await mount({ standing });
    const ids = Array.from({ length: 60 }, (_, index) => (index % 2 ? "active" : "another"));
    const answers = await Promise.all(ids.map((id) => ask("X-Tenant-ID", id)));
    expect(answers.map(({ body }) => body.split(" ")[0])).toEqual(ids);
  });

  test.each([
    ["none", []],
    ["an empty one", ["X-Tenant-ID", ""]],
    ["two", ["X-Tenant-ID", "active", "X-Tenant-ID", "another"]],
    ["one twice", ["X-Tenant-ID", "active", "X-Tenant-ID", "active"]],
    ["two in one", ["X-Tenant-ID", "active, another"]],
    ["capitals", ["X-Tenant-ID", "Active"]],
    ["SQL", ["X-Tenant-ID", 'active"; drop schema central cascade; --']],
    ["a path", ["X-Tenant-ID", "../active"]],
    ["a name of JavaScript's", ["X-Tenant-ID", "__proto__"]],
    ["49 characters", ["X-Tenant-ID", "a".repeat(49)]],
    ["an unknown one", ["X-Tenant-ID", "nobody"]],
    ["one that objects have", ["X-Tenant-ID", "constructor"]],
  ])("a request that names %s gets the same 400", async (_, headers) => {
    await mount({ standing });
    const { status, type, body } = await ask(...headers);
    expect({ status, type }).toEqual({ status: 400, type: "application/problem+json" });
    expect(JSON.parse(body)).toEqual({ type: "about:blank", title: "Bad Request", ...NO_TENANT });
  });

  test.each([
    ["suspended", 403, "The tenant is suspended."],
    ["retired", 410, "The tenant is not here any more."],
    ["renamed", 410, "The tenant is not here any more."],
  ])("a request for a %s tenant gets %i", async (id, status, detail) => {
    await mount({ standing });
    const answer = await ask("X-Tenant-ID", id);
    expect(answer).toMatchObject({ status, type: "application/problem+json" });
    expect(JSON.parse(answer.body)).toMatchObject({ status, detail });
  });

  test("a subject that may not act for a tenant cannot find out whether there is one", async () => {
    const mayActFor = (_: unknown, id: string) => Promise.resolve(id === "active");
    await mount({ standing, mayActFor });
    expect(await ask("X-Tenant-ID", "active")).toMatchObject({ status: 200 });
    asked = [];
    const answers = ["another", "suspended", "retired", "nobody"].map((id) =>
      ask("X-Tenant-ID", id),
    );
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject({ status: 403 });
    for (const other of others) expect(other).toEqual(first);
    expect(asked).toEqual([]);
  });

  test("a database that cannot be asked is the application's error", async () => {
    await mount({ standing });
    const { status, body } = await ask("X-Tenant-ID", "down");
    expect(status).toBe(500);
    expect(body).not.toContain("down");
  });

  test("another header can name the tenant", async () => {
    await mount({ standing, header: "X-ISP" });
    expect(await ask("x-isp", "active")).toMatchObject({ status: 200 });
    expect(await ask("X-Tenant-ID", "active")).toMatchObject({ status: 400 });
  });
});

describe("what is remembered", () => {
  const enter = (guard: ReturnType<typeof tenantGuard>, id: string) =>
    new Promise((resolve) => {
      const request = { headers: { "x-tenant-id": id } } as unknown as IncomingMessage;
      const response = { setHeader: () => undefined, end: resolve };
      guard(request, response as never, resolve);
    });

  test("a tenant is asked for once in a while, what is none each time", async () => {
    const guard = tenantGuard({ standing, remember: 60_000 });
    asked = [];
    for (const id of ["active", "active", "suspended", "suspended", "nobody", "nobody"])
      await enter(guard, id);
    expect(asked).toEqual(["active", "suspended", "nobody", "nobody"]);
  });

  test("nothing is remembered with 0", async () => {
    const guard = tenantGuard({ standing, remember: 0 });
    asked = [];
    await enter(guard, "active");
    await enter(guard, "active");
    expect(asked).toEqual(["active", "active"]);
  });
});

test("options are checked when the guard is made, all at once", () => {
  const wrong = { header: "X Tenant", mayActFor: true, remember: -1, cache: 5 };
  expect(() => tenantGuard(wrong as never)).toThrow(
    /standing must.*header is "X Tenant".*mayActFor must.*remember is -1.*cache is no option.*TNT-831/s,
  );
  for (const remember of [Number.NaN, Infinity, 60_001])
    expect(() => tenantGuard({ standing, remember })).toThrow(/TNT-831/);
});

test("outside of a request there is no tenant", () => {
  expect(() => requestTenant()).toThrow(/does not run within a request.*TNT-830/);
  expect(() => currentPartition()).toThrow(/TNT-830/);
});
