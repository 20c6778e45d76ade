import { UNKNOWN } from "../../src/protocol/values.ts";
import type { Properties } from "../../src/protocol/values.ts";
import { EarlyEnd } from "./test-program.ts";
import type { Declare, Registered, ResourceOptions, TestProgram } from "./test-program.ts";

/** Options of a declaration: other resources are named, not held. */
type NamedOptions = Omit<
  ResourceOptions,
  "parent" | "provider" | "dependsOn" | "deletedWith" | "from"
> & {
  readonly parent?: string;
  readonly provider?: string;
  readonly deletedWith?: string;
  readonly dependsOn?: readonly string[];
  readonly type?: string;
};

/** One registration, as data. An input `"${a.stable}"` is that output of the resource `a`, `"${a.id}"` its id. */
export interface Declaration {
  readonly kind: "resource" | "component" | "provider";
  readonly name: string;
  readonly inputs: Properties;
  readonly options: NamedOptions;
  /** Of a component. */
  readonly outputs?: Properties;
}

export interface ProgramData {
  readonly declares: readonly Declaration[];
  readonly outputs?: Properties;
  /** How it ends, if not well: by an exception, or without a word after all it declares. */
  readonly ends?: "throws" | "early";
}

const declaration =
  (kind: Declaration["kind"]) =>
  (name: string, inputs: Properties = {}, options: NamedOptions = {}): Declaration => ({
    kind,
    name,
    inputs,
    options,
  });

export const thing = declaration("resource");
export const group = declaration("component");
export const provider = declaration("provider");

/** The program that declares what the data say, one after the other. */
export function programOf({ declares, outputs, ends }: ProgramData): TestProgram {
  return async (declare) => {
    const known = new Map<string, Registered>();
    for (const one of declares) known.set(one.name, await register(declare, one, known));
    if (ends === "throws") throw new Error("the program had enough");
    if (ends === "early") throw new EarlyEnd();
    return outputs === undefined ? {} : resolve(outputs, known).inputs;
  };
}

async function register(
  declare: Declare,
  { kind, name, inputs: given, options: named, outputs }: Declaration,
  known: ReadonlyMap<string, Registered>,
): Promise<Registered> {
  const { parent, provider: by, deletedWith, dependsOn, ...rest } = named;
  const { inputs, from } = resolve(given, known);
  const options = {
    ...rest,
    from,
    ...(parent !== undefined && { parent: find(known, parent) }),
    ...(by !== undefined && { provider: find(known, by) }),
    ...(deletedWith !== undefined && { deletedWith: find(known, deletedWith) }),
    ...(dependsOn && { dependsOn: dependsOn.map((it) => find(known, it)) }),
  };
  const registered = await declare[kind](name, inputs, options);
  if (outputs) await declare.outputs(registered, resolve(outputs, known).inputs);
  return registered;
}

function resolve(
  given: Properties,
  known: ReadonlyMap<string, Registered>,
): { inputs: Properties; from: Record<string, Registered> } {
  const from: Record<string, Registered> = {};
  const entries = Object.entries(given).map(([key, value]) => {
    const reference = typeof value === "string" ? /^\$\{(.+)\.(\w+)\}$/.exec(value) : null;
    const [, name, output] = reference ?? [];
    if (name === undefined || output === undefined) return [key, value] as const;
    const source = find(known, name);
    from[key] = source;
    // An id that a preview does not know is empty on the wire; the SDK makes an unknown value of it.
    const found =
      output === "id"
        ? source.id === ""
          ? UNKNOWN
          : source.id
        : (source.outputs[output] ?? UNKNOWN);
    return [key, found] as const;
  });
  return { inputs: Object.fromEntries(entries), from };
}

function find(known: ReadonlyMap<string, Registered>, name: string): Registered {
  const found = known.get(name);
  if (!found) throw new Error(`the program names ${name} before it declares it`);
  return found;
}
