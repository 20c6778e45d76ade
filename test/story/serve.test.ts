import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { stopServer } from "../../src/server/stop-server.ts";
import { freshClone } from "./fresh-clone.ts";

interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly address: string;
  readonly port: number;
  readonly token: string;
  /** What it wrote on stderr so far. */
  readonly notes: () => string;
}

/** Its status, and what it says; undefined where nobody listens. */
async function ask({ address, token }: Serving, path = "/metrics") {
  try {
    const response = await fetch(address + path, {
      headers: { authorization: `Bearer ${token}`, connection: "close" },
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}

async function askUntil(serving: Serving, status: number | undefined): Promise<string> {
  for (;;) {
    const told = await ask(serving);
    if (told?.status === status) return told?.body ?? "";
  }
}

/** A request that `fetch` would not send. */
async function rawStatus({ port }: Serving, options: object): Promise<number | undefined> {
  const asking = request({ host: "127.0.0.1", port, agent: false, ...options }).end();
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test(
  "the page and the metrics are served to whoever has the token",
  { timeout: 600_000 },
  async () => {
    const { root, env, port: server, tenantry } = await freshClone();
    expect(tenantry("serve")).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining("TNT-608") as string },
    });
    expect(tenantry("serve", "--port", "70000")).toMatchObject({ code: 2 });
    expect(tenantry("up", "--yes").code).toBe(0);
    const start = async (): Promise<Serving> => {
      const child = spawn("node", [join("bin", "tenantry.js"), "serve", "--port", "0", "--json"], {
        ...{ cwd: root, env },
        // A group of its own gets Ctrl-C as from a terminal.
        detached: true,
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      let notes = "";
      child.stderr.on("data", (chunk) => (notes += String(chunk)));
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      const { address, port, token } = JSON.parse(line) as Serving;
      return { child, address, port, token, notes: () => notes };
    };
    const serving = await start();

    // The token, and nothing else, opens it.
    expect((await ask(serving))?.body).toContain('tenantry_tenants{state="active"} 3\n');
    expect((await ask({ ...serving, token: "wrong" }))?.status).toBe(401);
    expect(await rawStatus(serving, { path: "/metrics" })).toBe(401);
    expect(await rawStatus(serving, { path: "/healthz" })).toBe(200);
    const headers = { authorization: `Bearer ${serving.token}` };
    const evil = { ...headers, host: `evil.example:${serving.port}` };
    expect(await rawStatus(serving, { path: "/metrics", headers: evil })).toBe(421);
    expect(await rawStatus(serving, { path: "/metrics", headers, method: "POST" })).toBe(405);
    expect(await rawStatus(serving, { path: "/../stacks/Pulumi.dev.yaml", headers })).toBe(404);
    const entering = await fetch(`${serving.address}/?token=${serving.token}`, {
      redirect: "manual",
    });
    expect([entering.status, entering.headers.get("location")]).toEqual([303, "/"]);
    const [cookie = ""] = entering.headers.getSetCookie()[0]?.split(";") ?? [];
    const page = await fetch(`${serving.address}/`, { headers: { cookie } });
    expect([page.status, page.headers.get("content-type")]).toEqual([
      ...[200, "text/html; charset=utf-8"],
    ]);
    const html = await page.text();
    for (const text of ["tenantry/dev", "empresa_456", 'data-refresh="10"'])
      expect(html).toContain(text);

    // A port is one server's.
    const second = tenantry("serve", "--port", String(serving.port));
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toMatch(
      new RegExp(`^Port ${serving.port} of 127\\.0\\.0\\.1 is in use.*--port.*\\[TNT-896\\]\\n$`),
    );

    // PostgreSQL may go and come back meanwhile.
    const password = readFileSync(join(root, ".tenantry", "dev", "admin-password"), "utf8").trim();
    await stopServer(join(root, ".tenantry", "dev", "server", "data"), "fast", 30);
    const down = await askUntil(serving, 503);
    expect(down).toMatch(
      new RegExp(`127\\.0\\.0\\.1:${server}.*npx tenantry up.*\\[TNT-609\\]\\n$`),
    );
    expect((await ask(serving, "/healthz"))?.status).toBe(200);
    expect(tenantry("up", "--yes").code).toBe(0);
    await askUntil(serving, 200);
    expect(serving.notes()).toContain("TNT-609");
    for (const secret of [password, serving.token]) expect(serving.notes()).not.toContain(secret);

    // What is asked for when it ends is answered; nobody new is let in.
    const admin = new pg.Client({
      ...{ host: "127.0.0.1", port: server, user: "postgres", database: "nostromo", password },
    });
    await admin.connect();
    await admin.query("begin; lock table tenantry.registry in access exclusive mode");
    let pending = ask(serving);
    for (;;) {
      // A transaction keeps what it saw of other sessions.
      await admin.query("select pg_stat_clear_snapshot()");
      const { rowCount } = await admin.query(
        "select from pg_stat_activity where usename = 'nostromo_monitor' and wait_event_type = 'Lock'",
      );
      if ((rowCount ?? 0) > 0) break;
      // Until it is not the last reading that answers.
      const told = await Promise.race([pending, admin.query("select 1").then(() => undefined)]);
      if (told !== undefined) pending = ask(serving);
    }
    const ended = once(serving.child, "exit");
    serving.child.kill("SIGTERM");
    for (;;) if ((await ask(serving, "/healthz")) === undefined) break;
    await admin.query("rollback");
    await admin.end();
    expect((await pending)?.status).toBe(200);
    expect(await ended).toEqual([0, null]);

    // Whoever reads the address only does not end it; Ctrl-C does.
    const unheard = await start();
    expect(unheard.token).not.toBe(serving.token);
    unheard.child.stdout.destroy();
    await askUntil(unheard, 200);
    const interrupted = once(unheard.child, "exit");
    process.kill(-unheard.child.pid!, "SIGINT");
    expect([await interrupted, unheard.notes()]).toEqual([[0, null], ""]);
  },
);
