import type pg from "pg";
import type { MonitorContext } from "../../src/fleet/monitor/read-monitor.ts";
import { createPool } from "../../src/postgres/pool.ts";
import type { TestCluster } from "./cluster.ts";
import { ROLE_PASSWORD } from "./platform.ts";
import type { TestPlatform } from "./platform.ts";

/** What looks at a database as its monitor role. */
export function monitorOf(
  { host, port }: TestCluster,
  { database, roles, ctx }: TestPlatform,
): MonitorContext & { readonly pool: pg.Pool } {
  const login = { host, port, user: roles.monitor, password: ROLE_PASSWORD, database };
  return { pool: createPool({ ...login, max: 1, plain: true }), stack: ctx.stack };
}
