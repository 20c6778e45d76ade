import { destroy, up } from "../../src/engine/local-engine.ts";
import { inProcess } from "./test-program.ts";

/**
 * An engine in a process of its own, to be killed: `engine-child.ts OPERATION OPTIONS`, the options as JSON. Operation `program` runs the
 * project's own program; for `up`, each resource `r0`, `r1`, ... takes `slow` milliseconds in the plugin.
 */
const [operation, text = ""] = process.argv.slice(2);
const { count, slow, step, ...options } = JSON.parse(text) as {
  count: number;
  slow: number;
  step: number;
  root: string;
  stack: string;
  backend: string;
  passphrase: string;
  encryptionSalt: string;
};
const all = { ...options, config: {}, onEvent: () => undefined };
if (operation === "destroy") await destroy(all);
else if (operation === "program") await up(all);
else
  await up(
    all,
    inProcess(async (declare) => {
      for (let index = 0; index < count; index += 1)
        await declare.resource(`r${index}`, { step, slow });
    }),
  );
