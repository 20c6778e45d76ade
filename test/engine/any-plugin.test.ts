import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { destroy, preview, refresh, up } from "../../src/engine/local-engine.ts";
import { useProgram } from "../support/sdk-project.ts";
import { TestStack } from "../support/test-stack.ts";

const PLUGIN = join(import.meta.dirname, "..", "support", "notes-plugin");

test("a program and a plugin of another kind: from the first preview to destroy", async () => {
  const stack = await TestStack.create();
  await useProgram(stack, join(import.meta.dirname, "programs", "notes.ts"));
  await writeFile(
    join(stack.root, "Pulumi.yaml"),
    `name: proj\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\nplugins:\n  providers:\n    - name: notes\n      path: ${PLUGIN}\n`,
  );
  const folders = ["a", "b", "c"].map((name) => join(stack.root, name));
  const [a = "", b = "", c = ""] = folders;
  for (const folder of folders) await mkdir(folder);
  const settings = (text: string, archive: string) =>
    stack.options({
      config: { "proj:folder": a, "proj:archive": archive, "proj:text": text },
    });
  const textsIn = async (folder: string): Promise<string[]> => {
    const files = await readdir(folder);
    return await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  };

  expect((await preview(settings("hello", b))).changes).toEqual({ create: 4 });
  expect(await textsIn(a)).toEqual([]);
  const made = await up(settings("hello", b));
  expect(made).toEqual({ changes: { create: 4 }, outputs: { key: "[secret]", length: 5 } });
  expect(await textsIn(b)).toEqual(["the first one has 5 characters"]);
  const key = /its key is (\w{16})/.exec((await textsIn(a)).join("\n"))?.[1];
  expect(key).toBeDefined();
  expect(JSON.stringify(await stack.state())).not.toContain(key);
  expect((await up(settings("hello", b))).changes).toEqual({ same: 4 });

  // A longer text changes the second note; another folder replaces it, whose new key the third one tells.
  expect((await up(settings("hello again", b))).changes).toEqual({ same: 2, update: 2 });
  expect((await up(settings("hello again", c))).changes).toEqual({
    same: 2,
    replace: 1,
    update: 1,
  });
  expect(await textsIn(b)).toEqual([]);
  expect(await textsIn(c)).toEqual(["the first one has 11 characters"]);
  expect((await textsIn(a)).join("\n")).not.toContain(key);

  // Behind the engine's back: the second note is gone, and comes back.
  await rm(c, { recursive: true });
  await mkdir(c);
  expect((await refresh(settings("hello again", c))).changes).toMatchObject({ delete: 1 });
  expect((await up(settings("hello again", c))).changes).toMatchObject({ create: 1 });
  expect(await textsIn(c)).toEqual(["the first one has 11 characters"]);

  await destroy(settings("hello again", c));
  expect([...(await textsIn(a)), ...(await textsIn(c))]).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});
