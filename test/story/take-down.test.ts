import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshClone } from "./fresh-clone.ts";

const TIMEOUT = 300_000;

/** The steps of docs/runbooks/take-down.md. */
test(
  "a stack that is kept is taken down step by step, and not otherwise",
  { timeout: TIMEOUT },
  async () => {
    const { tenantry, root, stackFile, port } = await freshClone();
    const declare = (tenants: object[], more: object = {}): void => {
      const config = { "tenantry:server": { port }, "tenantry:tenants": tenants, ...more };
      writeFileSync(stackFile, JSON.stringify({ config }));
    };
    const up = (): string => {
      const { code, stdout, stderr } = tenantry("up", "--yes");
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string });
      return stdout;
    };
    const refused = (reason: string, ...args: string[]): void => {
      const { code, stderr } = tenantry(...args);
      expect(code).toBe(1);
      expect(stderr).toContain(reason);
    };
    const state = (): string =>
      readFileSync(join(root, ".tenantry/state/.pulumi/stacks/tenantry/dev.json"), "utf8");

    declare([{ id: "empresa_1" }, { id: "empresa_2" }]);
    up();
    const before = state();
    refused("TNT-607", "destroy", "--yes");
    declare([{ id: "empresa_1" }]);
    refused("TNT-605", "preview");
    refused("TNT-605", "up", "--yes");
    // The word alone is not enough: what the last run protected is protected.
    declare([], { "tenantry:disposable": true });
    refused("TNT-607", "destroy", "--yes");
    expect(state()).toBe(before);

    declare(["empresa_1", "empresa_2"].map((id) => ({ id, state: "retired" })));
    expect(up()).toContain("2 to change");
    declare([]);
    expect(up()).toContain("2 to REMOVE");
    refused("TNT-607", "destroy", "--yes");
    declare([], { "tenantry:disposable": true });
    expect(up()).toContain("nothing is dropped");
    expect(tenantry("destroy", "--yes")).toMatchObject({ code: 0 });
    expect(existsSync(join(root, ".tenantry/dev/server/data"))).toBe(false);
  },
);
