import { expect, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";
import type { Ran } from "./fresh-clone.ts";
import { environmentOn, whyNotOn } from "./on-engine.ts";

const TIMEOUT = 300_000;

test(
  "the Pulumi CLI and the local engine go on where the other stopped",
  { timeout: TIMEOUT },
  async (context) => {
    const missing = whyNotOn("pulumi");
    if (missing !== undefined) return context.skip(missing);
    const clone = await freshClone();
    const both = (command = "", ...args: string[]): Ran =>
      clone.run(command, args, environmentOn("pulumi", clone));

    expect(clone.npmStart("--engine", "local").stdout).toContain("up done");
    const byHand = both(
      "sh",
      "-c",
      'eval "$(node bin/tenantry.js env --pulumi)" && pulumi preview --stack dev --expect-no-changes --non-interactive',
    );
    expect(byHand.stdout).not.toContain("error");
    expect(byHand.code).toBe(0);

    clone.edit("Comercial 456 Ltda.", "Comercial 456 SpA");
    clone.edit("    - empresa_789\n", "    - empresa_789\n    - empresa_900\n");
    clone.edit(
      "tenantry:server:\n",
      "tenantry:roles: { app: { generation: 2 } }\n  tenantry:server:\n    parameters: { work_mem: 5MB, max_wal_senders: 11 }\n",
    );

    // Both engines see the same plan, and the CLI carries out that one or none.
    const digest = (engine: string): string => {
      const { stdout } = both(
        ...["node", "bin/tenantry.js", "preview", "--format", "json"],
        ...["--engine", engine],
      );
      return (JSON.parse(stdout) as { digest: string }).digest;
    };
    const plan = digest("local");
    expect(digest("pulumi")).toBe(plan);
    const carryOut = (expected: string): Ran =>
      both("node", "bin/tenantry.js", "up", "--engine", "pulumi", "--expect-plan", expected);
    expect(carryOut("0".repeat(64)).stderr).toContain("TNT-631");
    const up = carryOut(plan);
    expect(up.stderr).toBe("");
    expect(up.stdout).toContain('company "Comercial 456 Ltda." => "Comercial 456 SpA"');
    expect(up).toMatchObject({ code: 0 });
    const again = clone.tenantry("preview", "--engine", "local", "--expect-no-changes");
    expect(again).toMatchObject({ code: 0 });
    expect(both("node", "bin/tenantry.js", "destroy", "--yes", "--engine", "pulumi").code).toBe(0);
  },
);
