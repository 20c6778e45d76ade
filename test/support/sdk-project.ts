import { copyFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestStack } from "./test-stack.ts";

const PROJECT = join(import.meta.dirname, "..", "..");

/** Gives a test's stack a real program, which the Pulumi SDK runs. */
export async function useProgram(stack: TestStack, program: string): Promise<void> {
  await writeFile(join(stack.root, "package.json"), '{"type":"module"}\n');
  await copyFile(program, join(stack.root, "index.ts"));
  await symlink(join(PROJECT, "node_modules"), join(stack.root, "node_modules"));
}
