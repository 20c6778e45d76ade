import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { detailedDiff } from "../../../src/protocol/detailed-diff.ts";
import { servePlugin } from "../../../src/protocol/plugin-server.ts";
import type { ResourceHandler } from "../../../src/protocol/resource-handler.ts";
import { UNKNOWN, secret } from "../../../src/protocol/values.ts";
import type { Properties, Value } from "../../../src/protocol/values.ts";

/** A plugin that keeps each note in a file of its own: another folder is another note, another text is the same one. */
const fileOf = (inputs: Properties, id: string): string => join(text(inputs.folder), `${id}.txt`);

const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");

/** The key is made with the note and stays; it is nobody's business. */
const outputsOf = (inputs: Properties, key: unknown): Properties => ({
  ...inputs,
  key: secret(String(key)),
  length: inputs.text === UNKNOWN ? UNKNOWN : text(inputs.text).length,
});

const note: ResourceHandler = {
  check: ({ news }) =>
    news.text === "" ? [{ property: "text", reason: "A note must not be empty." }] : [],
  diff: ({ oldInputs, news }) => ({
    detailedDiff: detailedDiff(oldInputs, news),
    replaces: oldInputs.folder === news.folder ? [] : ["folder"],
  }),
  create: ({ inputs, preview }) => {
    if (preview)
      return Promise.resolve({ id: "", outputs: { ...inputs, key: UNKNOWN, length: UNKNOWN } });
    const id = randomUUID();
    writeFileSync(fileOf(inputs, id), text(inputs.text));
    return Promise.resolve({ id, outputs: outputsOf(inputs, randomBytes(8).toString("hex")) });
  },
  read: ({ id, inputs, outputs }) => {
    const file = fileOf(outputs, id);
    if (!existsSync(file)) return Promise.resolve(undefined);
    const now = { ...inputs, text: readFileSync(file, "utf8") };
    return Promise.resolve({ id, inputs: now, outputs: outputsOf(now, outputs.key) });
  },
  update: ({ id, news, olds, preview }) => {
    if (!preview) writeFileSync(fileOf(news, id), text(news.text));
    return Promise.resolve(outputsOf(news, olds.key));
  },
  delete: ({ id, olds }) => {
    rmSync(fileOf(olds, id), { force: true });
    return Promise.resolve();
  },
};

await servePlugin({
  name: "notes",
  version: "0.1.0",
  configure: () => undefined,
  resources: { "notes:index:Note": note },
});
