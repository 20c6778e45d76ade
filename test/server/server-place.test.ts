import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  choosePlace,
  makeOpenDirectory,
  makeSharedDirectory,
  serverPlace,
} from "../../src/server/server-place.ts";
import { scratchDirectory } from "../support/cluster.ts";

const user = { name: "postgres", uid: 101, gid: 104 };
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test("data that is there decides; else the project, if it can be entered", () => {
  const facts = fc.record({
    insideHasData: fc.boolean(),
    outsideHasData: fc.boolean(),
    insideIsReachable: fc.boolean(),
  });
  fc.assert(
    fc.property(facts, (found) => {
      const place = choosePlace("inside", "outside", found);
      if (found.insideHasData !== found.outsideHasData)
        expect(place).toBe(found.insideHasData ? "inside" : "outside");
      else if (!found.insideHasData)
        expect(place).toBe(found.insideIsReachable ? "inside" : "outside");
      else expect(place).toBe("inside");
    }),
  );
});

test("a project below a closed folder has its server outside, each its own", () => {
  const parent = scratchDirectory();
  const shared = join(parent, "shared");
  const root = join(parent, "closed", "project");
  mkdirSync(root, { recursive: true });
  const place = (directory: string, closed: number) => {
    chmodSync(join(parent, "closed"), closed);
    return serverPlace(directory, user, { root, shared }).directory;
  };
  expect(place(".tenantry/dev/server", 0o755)).toBe(join(root, ".tenantry/dev/server"));
  const outside = place(".tenantry/dev/server", 0o700);
  expect(outside).toMatch(/^.*\/shared\/[0-9a-f]{16}$/);
  expect(place(".tenantry/prod/server", 0o700)).not.toBe(outside);
  expect(serverPlace("x", undefined, { root, shared }).directory).toBe(join(root, "x"));

  // What was once outside stays there.
  mkdirSync(join(outside, "data"), { recursive: true });
  expect(place(".tenantry/dev/server", 0o755)).toBe(outside);
});

test("folders of the project are opened for passing, not for reading", () => {
  const root = join(scratchDirectory(), "project");
  mkdirSync(root, { mode: 0o700 });
  mkdirSync(join(root, ".tenantry"), { mode: 0o700 });
  const before = process.umask(0o077);
  makeOpenDirectory(join(root, ".tenantry", "dev", "server"), root);
  process.umask(before);
  expect(mode(root)).toBe("700");
  expect(mode(join(root, ".tenantry"))).toBe("711");
  expect(mode(join(root, ".tenantry", "dev"))).toBe("755");
  expect(mode(join(root, ".tenantry", "dev", "server"))).toBe("755");
});

test("a shared folder that others can write to is refused", () => {
  const shared = join(scratchDirectory(), "shared");
  makeSharedDirectory(shared);
  chmodSync(shared, 0o777);
  expect(() => {
    makeSharedDirectory(shared);
  }).toThrow(/chmod 755.*TNT-222/s);
});
