import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";

const APPLICATION = `
import { createTenantPool } from "tenantry/runtime";

const pool = createTenantPool({ isolation: "partitions" });
await pool.check();
for (const id of ["isp_1", "isp_2"]) {
  const partition = pool.forPartition(id);
  await partition.query("insert into tickets (topic) values ($1)", ["ticket of " + id]);
  const { rows } = await partition.query("select isp_id, topic from tickets");
  console.log(JSON.stringify(rows));
}
await pool.end();
`;

test(
  "an application without tenant schemas: its stack, its tables, its partitions, its queries",
  { timeout: 600_000 },
  async () => {
    const { tenantry, edit, root, run } = await freshClone();
    const done = (...args: string[]): string => {
      const { code, stdout, stderr } = tenantry(...args);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
      return stdout;
    };
    edit(
      /tenantry:tenants:[^]*/,
      "tenantry:partitions: values\n  tenantry:partitionKey: isp_id\n  tenantry:tenants: []\n",
    );
    const generated = done(
      ...["generate", "partitioned-table", "tickets", "topic:text", "--key", "isp_id"],
    );
    expect(generated).toContain("it makes the table, with row level security");
    done("up", "--yes");
    expect(done("doctor", "--isolation")).toContain("0 attacks");
    for (const id of ["isp_1", "isp_2"]) done("partitions", "create", id);

    writeFileSync(join(root, "application.ts"), APPLICATION);
    const variables = JSON.parse(done("env", "--json")) as Record<string, string>;
    expect(run("node", ["application.ts"], variables)).toEqual({
      code: 0,
      stdout:
        '[{"isp_id":"isp_1","topic":"ticket of isp_1"}]\n[{"isp_id":"isp_2","topic":"ticket of isp_2"}]\n',
      stderr: "",
    });
    expect(done("doctor", "--isolation")).toBe("  5 attacks as nostromo_user, each was refused\n");
    expect(done("doctor")).toBe("  0 tenants, nothing to find\n");
    done("preview", "--expect-no-changes");

    // With tenants the tables are taken from the application, and keep their rows.
    edit("tenantry:partitions: values", "tenantry:partitions: tenants");
    edit("tenantry:tenants: []", "tenantry:tenants: [empresa_1]");
    done("up", "--yes");
    expect(run("node", ["application.ts"], variables).stderr).toContain("TNT-853");
    expect(done("doctor", "--isolation")).toContain("each was refused");
    const listed = JSON.parse(done("partitions", "list", "--json")) as unknown;
    expect(JSON.stringify(listed)).toContain("isp_1");
    done("destroy", "--yes");
  },
);
