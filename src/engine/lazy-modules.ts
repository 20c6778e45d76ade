import Module from "node:module";

// Loaded into the program's process before the Pulumi SDK (`node --import`).

/**
 * What the SDK loads at its start and needs only to turn functions into text, for dynamic providers, which this
 * engine does not run. Loading them takes a quarter of a program's start.
 */
const LAZY = new Set(["@npmcli/arborist", "typescript"]);

type Load = (request: string, ...rest: unknown[]) => object;

/** Node's own loader of CommonJS modules, which has no public name. */
const loader = Module as unknown as { _load: Load };
const load = loader._load;

loader._load = function (this: unknown, request, ...rest) {
  if (!LAZY.has(request)) return load.call(this, request, ...rest);
  let loaded: object | undefined;
  return new Proxy(
    {},
    {
      // `__esModule` keeps TypeScript's `import *` from copying, and so loading, every property.
      get: (_, key): unknown =>
        key === "__esModule" || Reflect.get((loaded ??= load.call(this, request, ...rest)), key),
    },
  );
};
