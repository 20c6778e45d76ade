import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { chooseEngine } from "../../../src/cli/engine/choose-engine.ts";
import type { EngineFacts } from "../../../src/cli/engine/choose-engine.ts";
import { searchedDirectories } from "../../../src/cli/engine/find-pulumi.ts";

const pulumi = { path: "/usr/bin/pulumi", version: "v3.260.0" };
const NOTHING: EngineFacts = {
  choice: "auto",
  remembered: undefined,
  pulumi: undefined,
  remoteBackend: undefined,
};

const chosen = (facts: Partial<EngineFacts>): string => {
  const { kind, reason } = chooseEngine({ ...NOTHING, ...facts });
  return `${kind}: ${reason}`;
};

test("auto takes what the stack was run with, else an installed Pulumi CLI, else the local engine", () => {
  expect(chosen({})).toBe("local: local engine: no Pulumi CLI on $PATH");
  expect(chosen({ pulumi })).toBe("pulumi: Pulumi CLI v3.260.0, found at /usr/bin/pulumi");
  expect(chosen({ pulumi, remembered: "pulumi" })).toBe("pulumi: Pulumi CLI v3.260.0, as before");
  expect(chosen({ remembered: "pulumi" })).toBe(
    "local: local engine: the Pulumi CLI of the last run is not on $PATH",
  );
  expect(chosen({ pulumi, remembered: "local" })).toContain("local: local engine, as before (");
  expect(chosen({ remembered: "local" })).toBe("local: local engine, as before");
});

test("a choice beats memory", () => {
  expect(chosen({ choice: "local", pulumi, remembered: "pulumi" })).toContain("local: ");
  expect(chosen({ choice: "pulumi", pulumi, remembered: "local" })).toContain("pulumi: ");
  expect(() => chosen({ choice: "pulumi" })).toThrow("TNT-601");
});

test("a state elsewhere needs the Pulumi CLI", () => {
  const remoteBackend = "s3://bucket";
  expect(() => chosen({ remoteBackend })).toThrow("Use the pulumi CLI for this");
  expect(() => chosen({ remoteBackend, choice: "local", pulumi })).toThrow("TNT-602");
  expect(chosen({ remoteBackend, pulumi })).toContain("pulumi: ");
});

test("npm's wrapper is no installed CLI", () => {
  const path = ["/a/node_modules/.bin", "/usr/bin", "", "/b/node_modules", "/c/node_modules_x"];
  expect(searchedDirectories(path.join(delimiter))).toEqual(["/usr/bin", "/c/node_modules_x"]);
});
