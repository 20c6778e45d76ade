import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { officialPlugin } from "../../support/postgresql-plugin.ts";
import { STORIES } from "./stories/index.ts";
import { STAND_IN, openStage } from "./open-stage.ts";
import type { OpenStage } from "./open-stage.ts";
import type { Note } from "./notes.ts";

const FILE = join(import.meta.dirname, "golden.jsonl");
const renews = process.env.TENANTRY_GOLDEN === "write";
const official = officialPlugin();

/** What the official plugin answered and did in each story. */
const golden = new Map<string, readonly Note[]>(
  renews
    ? []
    : readFileSync(FILE, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as [string, Note[]]),
);

test("each story has a name of its own", () => {
  expect(new Set(STORIES.map(({ title }) => title)).size).toBe(STORIES.length);
  if (!renews) expect([...golden.keys()]).toEqual(STORIES.map(({ title }) => title));
});

describe("the official plugin answers and does what was recorded of it", () => {
  let there: OpenStage | undefined;
  beforeAll(async () => {
    if (official !== undefined) there = await openStage(official);
  });
  afterAll(() => there?.close());

  test.for(STORIES)("$title", async (story, { skip }) => {
    if (there === undefined)
      return skip("pulumi-resource-postgresql, the official plugin, is not on $PATH");
    const told = await there.stage.tell(story);
    if (renews) golden.set(story.title, told);
    else expect(told).toEqual(golden.get(story.title));
  });
});

describe.skipIf(renews)("the stand-in answers and does what the official plugin did", () => {
  let here: OpenStage;
  beforeAll(async () => {
    here = await openStage(STAND_IN);
  });
  afterAll(() => here.close());

  test.for(STORIES)("$title", async (story) => {
    expect(await here.stage.tell(story)).toEqual(golden.get(story.title));
  });
});

afterAll(() => {
  if (!renews) return;
  const lines = STORIES.map(({ title }) => JSON.stringify([title, golden.get(title)]));
  writeFileSync(FILE, `${lines.join("\n")}\n`);
});
