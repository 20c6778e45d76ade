import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { lockKey } from "../../src/core/lock-key.ts";
import { childrenOf, killIfThere } from "../support/processes.ts";
import { freshClone } from "./fresh-clone.ts";
import type { Ran } from "./fresh-clone.ts";
import { ENGINES, environmentOn, whyNotOn } from "./on-engine.ts";

/** A process and all that it started, and what those did. */
function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap((child) => familyOf(child.pid))];
}

test.for(ENGINES)(
  "a stack goes from single tenants to shards and back, killed on the way, and keeps all data, on the engine %s",
  { timeout: 900_000 },
  async (engine, ctx) => {
    const missing = whyNotOn(engine);
    if (missing !== undefined) return ctx.skip(missing);
    const clone = await freshClone();
    const { root, edit } = clone;
    const env = environmentOn(engine, clone);
    const run = (...args: string[]): Ran => clone.run("node", ["bin/tenantry.js", ...args], env);
    const engineRun = (...args: string[]): Ran => run(...args, "--engine", engine);
    const succeed = (...args: string[]): string => {
      const { code, stdout, stderr } = engineRun(...args);
      expect(code, stdout + stderr).toBe(0);
      return stdout.replaceAll(/\s+/g, " ");
    };
    const up = (): string => succeed("up", "--yes");
    const settled = (): void => void succeed("preview", "--expect-no-changes");

    // A stack that keeps its data: two tenants with rows, one that is retired.
    edit("tenantry:disposable: true", "tenantry:disposable: false");
    edit("    - empresa_789\n", "    - { id: empresa_789, state: retired }\n");
    up();
    const client = await clone.administrator();
    onTestFinished(async () => {
      await client.end();
      edit("tenantry:disposable: false", "tenantry:disposable: true");
      run("cancel", "--yes");
      engineRun("up", "--yes");
      engineRun("destroy", "--yes");
    });
    const query = async (sql: string): Promise<unknown[]> =>
      (await client.query<Record<string, unknown>>(sql)).rows;
    await client.query(
      "insert into tenant_empresa_123.conversations (topic) values ('a'), ('b'); insert into tenant_empresa_456.conversations (topic) values ('c')",
    );
    const kept = () =>
      query(`
        select r.id, r.state, r.schema_oid::text, r.version,
          (select count(*)::int from tenantry.ledger l where l.tenant_key = r.key) as migrations,
          (select count(*)::int from tenantry.archives a where a.tenant_key = r.key) as archives
        from tenantry.registry r where r.id in ('empresa_123', 'empresa_456', 'empresa_789') order by r.id`);
    const rows = () =>
      query(
        "select topic from tenant_empresa_123.conversations union all select topic from tenant_empresa_456.conversations order by 1",
      );
    const managers = () =>
      query("select managed_by, count(*)::int from tenantry.registry group by 1 order by 1");
    const [before, topics] = [await kept(), await rows()];
    expect(topics).toEqual([{ topic: "a" }, { topic: "b" }, { topic: "c" }]);

    // By the setting alone nothing moves.
    edit("tenantry:tenants:", "tenantry:layout: shards\n\n  tenantry:tenants:");
    expect(engineRun("up", "--yes").stderr).toMatch(/tenantry layout shards.*TNT-461/s);
    expect(await managers()).toEqual([{ managed_by: "stack", count: 3 }]);
    expect(succeed("layout", "shards")).toContain("2 resources may go");

    // Killed when some tenants are in shards and others are not.
    await client.query("select pg_advisory_lock($1)", [lockKey("tenant empresa_456")]);
    const doomed = spawn("node", ["bin/tenantry.js", "up", "--yes", "--engine", engine], {
      cwd: root,
      env: { ...clone.env, ...env },
      stdio: "ignore",
    });
    const exited = once(doomed, "exit");
    const moved = () =>
      query("select from tenantry.registry where managed_by = 'shard' and id <> 'empresa_456'");
    while ((await moved()).length < 2) await sleep(20);
    familyOf(doomed.pid ?? 0).forEach(killIfThere);
    await exited;
    await client.query("select pg_advisory_unlock($1)", [lockKey("tenant empresa_456")]);
    expect(await kept()).toEqual(before);
    run("cancel", "--yes");
    expect(up()).toMatch(/~ tenant empresa_456 layout "tenants" => "shards".* nothing is dropped/);
    settled();
    expect(await managers()).toEqual([{ managed_by: "shard", count: 3 }]);
    expect(await kept()).toEqual(before);
    expect(await rows()).toEqual(topics);

    // The life of tenants goes on there, and reads as before.
    run("add", "empresa_900");
    edit("Comercial 456 Ltda. }", "Comercial 456 Ltda., state: suspended }");
    const changed = up();
    expect(changed).toMatch(/\+ tenant empresa_900 schema tenant_empresa_900/);
    expect(changed).toMatch(/~ tenant empresa_456 .*state "active" => "suspended"/);
    edit("    - empresa_900\n", "");
    expect(engineRun("up", "--yes").stderr).toMatch(
      /The tenant empresa_900 is no longer.*TNT-605/s,
    );
    run("add", "empresa_900");
    edit("    - empresa_900\n", "    - { id: empresa_900, state: retired }\n");
    edit("id: empresa_123,", "id: empresa_124, renamedFrom: empresa_123,");
    expect(up()).toMatch(/~ tenant empresa_124 id "empresa_123" => "empresa_124"/);
    edit("    - { id: empresa_900, state: retired }\n", "");
    edit(
      "id: empresa_124, renamedFrom: empresa_123,",
      "id: empresa_123, renamedFrom: empresa_124,",
    );
    expect(up()).toContain("1 to REMOVE");
    edit(" renamedFrom: empresa_124,", "");

    // What changed behind their back.
    await client.query("revoke usage on schema tenant_empresa_123 from nostromo_user");
    expect(succeed("refresh", "--yes")).toMatch(/~ tenant empresa_123 drift/);
    edit("Comercial 456 Ltda., state: suspended }", "Comercial 456 Ltda. }");
    expect(up()).toMatch(/~ tenant empresa_123 drift/);

    // And back.
    expect(succeed("layout", "tenants")).toMatch(/[123] resources? may go/);
    expect(up()).toMatch(/~ tenant empresa_789 layout "shards" => "tenants"/);
    settled();
    expect(await managers()).toEqual([{ managed_by: "stack", count: 3 }]);
    expect(await kept()).toEqual(before);
    expect(await rows()).toEqual(topics);
  },
);
