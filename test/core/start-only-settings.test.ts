import { expect, test } from "vitest";
import { isStartOnly } from "../../src/core/start-only-settings.ts";
import { startCluster } from "../support/cluster.ts";

test("PostgreSQL itself takes exactly these settings only at start", async () => {
  const cluster = await startCluster({
    settings: { shared_preload_libraries: "pg_stat_statements" },
  });
  try {
    const client = await cluster.connect();
    const { rows } = await client.query<{ name: string; context: string }>(
      "select name, context from pg_settings where context <> 'internal'",
    );
    await client.end();
    const startOnly = rows
      .filter(({ context }) => context === "postmaster")
      .map(({ name }) => name);
    expect(rows.map(({ name }) => name).filter(isStartOnly)).toEqual(startOnly);
    expect(startOnly.length).toBeGreaterThan(50);
  } finally {
    await cluster.stop();
  }
});
