import { once } from "node:events";
import { request } from "node:http";
import type { IncomingHttpHeaders, RequestOptions, Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MonitorContext } from "../../../src/fleet/monitor/read-monitor.ts";
import { readStatus } from "../../../src/fleet/monitor/read-status.ts";
import { provisionTenant } from "../../../src/fleet/provision-tenant.ts";
import { createLiveServer } from "../../../src/report/live/live-server.ts";
import { PROMETHEUS_TYPE, prometheusText } from "../../../src/report/metrics.ts";
import { sharedCluster } from "../../support/cluster.ts";
import { monitorOf } from "../../support/monitor.ts";
import { preparePlatform, spec, SQL_DIRECTORY } from "../../support/platform.ts";
import type { TestPlatform } from "../../support/platform.ts";

const token = "the-Token_of-this_start";
const bearer = { authorization: `Bearer ${token}` };

let platform: TestPlatform;
let monitor: MonitorContext;
let server: Server;
let port: number;
const errors: unknown[] = [];
beforeAll(async () => {
  const cluster = await sharedCluster();
  platform = await preparePlatform(cluster);
  await provisionTenant(platform.ctx, spec("a"));
  monitor = monitorOf(cluster, platform);
  const metrics = async () => prometheusText(await readStatus(monitor, SQL_DIRECTORY), "t/dev");
  server = createLiveServer({
    token,
    views: {
      "/metrics": { type: PROMETHEUS_TYPE, text: metrics },
      "/broken": {
        type: "text/html",
        text: () => Promise.reject(new Error("unforeseen: password 'secret'")),
      },
    },
    onError: (error) => errors.push(error),
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  await once(server.close(), "close");
  await monitor.pool.end();
  await platform.close();
});
beforeEach(() => {
  errors.length = 0;
});

interface Told {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(path: string, options: RequestOptions = {}): Promise<Told> {
  const asking = request({ host: "127.0.0.1", port, path, agent: false, ...options }).end();
  const [response] = (await once(asking, "response")) as [import("node:http").IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, headers: response.headers, body };
}

describe("whoever has the token", () => {
  it("reads the metrics, in the type and the length that are told", async () => {
    const { status, headers, body } = await ask("/metrics", { headers: bearer });
    expect([status, headers["content-type"]]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    expect(body).toContain('tenantry_tenants{state="active"} 1\n');
    expect(Number(headers["content-length"])).toBe(Buffer.byteLength(body));
    const head = await ask("/metrics", { headers: bearer, method: "HEAD" });
    expect([head.status, head.body]).toEqual([200, ""]);
    expect(Number(head.headers["content-length"])).toBeGreaterThan(1000);
  });

  it("gets a cookie for it, which scripts do not see, and a clean address", async () => {
    const { status, headers } = await ask(`/?token=${token}`);
    expect([status, headers.location]).toEqual([303, "/"]);
    const [cookie = ""] = headers["set-cookie"] ?? [];
    expect(cookie).toBe(`tenantry-${port}=${token}; Path=/; HttpOnly; SameSite=Strict`);
    const shown = { cookie: cookie.split(";", 1)[0] };
    expect((await ask("/metrics", { headers: shown })).status).toBe(200);
  });

  it("is told 404 where there is nothing, however it is spelled", async () => {
    for (const path of ["/", "/other", "/metrics/", "/toString", "/__proto__", "/constructor"])
      expect(await ask(path, { headers: bearer })).toMatchObject({
        ...{ status: 404, body: "Not Found\n" },
      });
    for (const path of [
      "/../../etc/passwd",
      "/..%2f..%2fetc/passwd",
      "/metrics/../../package.json",
    ])
      expect((await ask(path, { headers: bearer })).body).toBe("Not Found\n");
  });

  it("is told why when PostgreSQL does not let the monitor look, and what to do", async () => {
    const { roles } = platform;
    await platform.rows(`revoke usage on schema tenantry from ${roles.monitor}`);
    const { status, headers, body } = await ask("/metrics", { headers: bearer });
    await platform.rows(`grant usage on schema tenantry to ${roles.monitor}`);
    expect([status, headers["retry-after"]]).toEqual([503, "5"]);
    expect(body).toMatch(/^The role .* may not read .*npx tenantry up.* \[TNT-870\]\n$/);
    expect(errors).toMatchObject([{ code: "TNT-870" }]);
    expect((await ask("/metrics", { headers: bearer })).status).toBe(200);
  });

  it("learns nothing of what nobody foresaw", async () => {
    const { status, body } = await ask("/broken", { headers: bearer });
    expect([status, body]).toEqual([500, "Internal Server Error\n"]);
    expect(errors).toHaveLength(1);
  });
});

describe("everybody else", () => {
  it("is told the same for every path, and nothing more", async () => {
    for (const path of ["/", "/metrics", "/other", "/broken", "/?token=wrong"]) {
      const { status, headers, body } = await ask(path);
      expect([status, body, headers["www-authenticate"]]).toEqual([
        ...[401, "Unauthorized\n", "Bearer"],
      ]);
      expect(headers["set-cookie"]).toBe(undefined);
    }
    expect(errors).toEqual([]);
  });

  it("learns that somebody serves", async () => {
    expect(await ask("/healthz")).toMatchObject({ status: 200, body: "ok\n" });
  });

  it("may not call it by another name, nor change anything", async () => {
    const headers = { ...bearer, host: "evil.example" };
    expect(await ask("/metrics", { headers })).toMatchObject({
      ...{ status: 421, body: "Misdirected Request\n" },
    });
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
      expect(await ask("/metrics", { headers: bearer, method })).toMatchObject({
        ...{ status: 405, body: "Method Not Allowed\n", headers: { allow: "GET, HEAD" } },
      });
  });

  it("is answered when it speaks no HTTP, and does not end the server", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("\x16\x03\x01 hello\r\n\r\n");
    let told = "";
    for await (const chunk of socket) told += String(chunk);
    expect(told).toMatch(/^HTTP\/1.1 400 Bad Request/);
    // Whoever leaves before the answer.
    const leaving = request({ port, host: "127.0.0.1", path: "/metrics", headers: bearer });
    leaving.on("error", () => undefined).end();
    await once(leaving, "socket");
    leaving.destroy();
    expect((await ask("/metrics", { headers: bearer })).status).toBe(200);
  });
});

it("guards each answer: not kept, not framed, not guessed at, nothing loaded", async () => {
  for (const [path, headers] of [["/metrics", bearer], ["/metrics"], ["/healthz"]] as const)
    expect((await ask(path, headers && { headers })).headers).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
});
