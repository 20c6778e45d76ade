import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { TenantryError, messageOf } from "../core/errors.ts";
import { isObject } from "../protocol/values.ts";

/** What the engine needs of `Pulumi.yaml`. */
export interface Project {
  readonly root: string;
  readonly name: string;
  /** The program, relative to `root`. */
  readonly main: string;
  readonly nodeArguments: readonly string[];
  readonly plugins: readonly { readonly name: string; readonly path: string }[];
}

/** @throws TNT-312 */
export async function readProject(root: string): Promise<Project> {
  const file = join(root, "Pulumi.yaml");
  const fail = (reason: string, cause?: unknown): TenantryError =>
    new TenantryError("TNT-312", { file, reason }, { cause });
  let content: unknown;
  try {
    content = parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw fail(messageOf(cause), cause);
  }
  if (!isObject(content)) throw fail("it is not a map of settings");
  const { name, main, runtime, plugins } = content;
  if (typeof name !== "string" || !/^[\w.-]+$/.test(name)) throw fail("it has no name");
  const options = isObject(runtime) && isObject(runtime.options) ? runtime.options : {};
  if ((isObject(runtime) ? runtime.name : runtime) !== "nodejs")
    throw fail("its runtime is not nodejs");
  const { nodeargs } = options;
  return {
    root,
    name,
    main: typeof main === "string" ? main : ".",
    nodeArguments: typeof nodeargs === "string" ? nodeargs.split(" ").filter(Boolean) : [],
    plugins: readPlugins(isObject(plugins) ? plugins.providers : []),
  };
}

function readPlugins(providers: unknown): Project["plugins"] {
  const list: readonly unknown[] = Array.isArray(providers) ? providers : [];
  return list
    .filter(isObject)
    .flatMap(({ name, path }) =>
      typeof name === "string" && typeof path === "string" ? [{ name, path }] : [],
    );
}
