import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { preview, refresh, up } from "../../src/engine/local-engine.ts";
import { pulumi, whyNoPulumi } from "../support/pulumi-cli.ts";
import { useProgram } from "../support/sdk-project.ts";
import { TestStack } from "../support/test-stack.ts";

const PROGRAM = join(import.meta.dirname, "programs", "things.ts");
const reason = whyNoPulumi();
/** Each run of the CLI starts its own language host and plugins. */
const TIMEOUT = 300_000;

/** A stack that either engine may work on: the real one reads its settings from the stack file. */
async function sharedStack(): Promise<TestStack> {
  const stack = await TestStack.create();
  await useProgram(stack, PROGRAM);
  return stack;
}

async function set(stack: TestStack, config: Record<string, string>): Promise<typeof config> {
  const { encryptionSalt = "" } = stack.options();
  const lines = Object.entries(config).map(
    ([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`,
  );
  const text = `encryptionsalt: ${encryptionSalt}\nconfig:\n${lines.join("")}`;
  await writeFile(join(stack.root, "Pulumi.dev.yaml"), text);
  return config;
}

test(
  "the real CLI goes on where the local engine stopped, and the other way round",
  { timeout: TIMEOUT },
  async (context) => {
    if (reason !== undefined) context.skip(reason);
    const stack = await sharedStack();
    let config = await set(stack, { "proj:setting": "blue", "proj:x": "1" });
    await up(stack.options({ config }));
    await pulumi(stack, "preview", "--expect-no-changes");
    await pulumi(stack, "up", "--yes", "--skip-preview", "--expect-no-changes");
    await pulumi(stack, "refresh", "--yes", "--expect-no-changes");
    stack.changes();
    expect((await preview(stack.options({ config }))).changes).toEqual({ same: 6 });
    expect((await up(stack.options({ config }))).changes).toEqual({ same: 6 });

    config = await set(stack, { "proj:setting": "green", "proj:x": "2" });
    await pulumi(stack, "up", "--yes", "--skip-preview");
    expect(stack.changes()).toEqual(["update third"]);
    expect((await up(stack.options({ config }))).changes).toEqual({ same: 6 });
    expect((await refresh(stack.options({ config }))).changes).toMatchObject({ same: 6 });
    await pulumi(stack, "preview", "--expect-no-changes");
    expect(stack.changes()).toEqual([]);

    await pulumi(stack, "destroy", "--yes", "--skip-preview");
    expect(stack.world.objects).toEqual([]);
    expect((await up(stack.options({ config }))).changes).toEqual({ create: 6 });
  },
);

test("each engine sees the other's lock", { timeout: TIMEOUT }, async (context) => {
  if (reason !== undefined) context.skip(reason);
  const stack = await sharedStack();
  const config = await set(stack, {});
  await up(stack.options({ config }));
  const busy = up(stack.options({ config: { "proj:behaviour": "wait" } }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await expect(pulumi(stack, "up", "--yes", "--skip-preview")).rejects.toThrow("currently locked");
  await busy;
});
