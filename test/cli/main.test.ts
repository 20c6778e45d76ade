import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const main = join(root, "src", "cli", "main.ts");

function tenantry(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", TENANTRY_STACK: undefined },
  });
  return { code: status, stdout, stderr };
}

test.each([
  [["bogus"], "unknown command 'bogus'"],
  [["prview"], "Did you mean preview?"],
  [["up", "--engine", "cloud"], "Allowed choices are auto, pulumi, local"],
  [["up", "--force"], "unknown option '--force'"],
  [["up", "extra"], "too many arguments"],
  [["add"], "missing required argument 'id'"],
  [["load", "nothing"], "unknown command 'nothing'"],
  [[], "Usage: tenantry"],
])("wrong usage %j ends with 2 and says what is wrong", (args, message) => {
  const { code, stdout, stderr } = tenantry(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("help and version end with 0", () => {
  const help = tenantry("--help");
  expect(help.code).toBe(0);
  expect(help.stdout).toContain("Examples:");
  expect(Math.max(...help.stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(100);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  expect(tenantry("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("a failure ends with 1 and one message on stderr, also with --json", () => {
  const { code, stdout, stderr } = tenantry("list", "--stack", "nope", "--json");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^There is no stack "nope".*\[TNT-111\]\n$/);
});

test("a stack's name cannot leave its folder", () => {
  expect(tenantry("list", "--stack", "../x").stderr).toContain("TNT-112");
});

test("a reader that goes away is no crash", async () => {
  const child = spawn(process.execPath, [main, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
