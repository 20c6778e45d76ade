import { setTimeout as sleep } from "node:timers/promises";
import { TenantryError } from "../../../src/core/errors.ts";
import { PartialFailure } from "../../../src/protocol/plugin-failure.ts";
import { servePlugin } from "../../../src/protocol/plugin-server.ts";
import type { ResourceHandler } from "../../../src/protocol/resource-handler.ts";
import { UNKNOWN, secret } from "../../../src/protocol/values.ts";
import type { Properties, Value } from "../../../src/protocol/values.ts";

/** A small real plugin: its inputs say how it should behave. */
let configuration: Properties = {};
let created = 0;

const outputsOf = (inputs: Properties): Properties => ({
  ...inputs,
  configuration: configuration,
  token: secret("made up"),
});

const thing: ResourceHandler = {
  check: ({ news, name, olds }) =>
    news.bad === undefined
      ? { inputs: { ...news, called: name, seen: Object.keys(olds).length }, failures: [] }
      : [{ property: "bad", reason: `It is ${JSON.stringify(news.bad)}.` }],

  create: async ({ inputs, preview, signal }) => {
    if (preview) return { id: "ignored", outputs: { ...outputsOf(inputs), created: UNKNOWN } };
    if (inputs.fail === "quoted") throw new TenantryError("TNT-101", { name: "" });
    if (inputs.fail === "plain") throw new Error("ñandú: 100% wrong");
    if (typeof inputs.slow === "number") await sleep(inputs.slow);
    created += 1;
    const outputs = { ...outputsOf(inputs), created, cancelled: signal.aborted };
    if (inputs.fail === "partly")
      throw new PartialFailure({ id: "half", outputs, reasons: ["first", "second"] });
    return { id: `thing-${created}`, outputs };
  },

  read: ({ id, inputs, outputs }) =>
    Promise.resolve(id === "gone" ? undefined : { id, inputs, outputs }),
  update: ({ news, olds, oldInputs }) =>
    Promise.resolve({ ...outputsOf(news), before: [olds, oldInputs] as readonly Value[] }),
  delete: () => Promise.resolve(),
};

await servePlugin({
  name: "sample",
  version: "1.2.3",
  configure: (args) => {
    configuration = args;
  },
  resources: { "sample:index:Thing": thing },
});
