import { TenantryError } from "../../core/errors.ts";
import type { ResourceHandler } from "../../protocol/resource-handler.ts";
import { UNKNOWN, containsUnknown, mapProperties, secret } from "../../protocol/values.ts";
import type { Properties } from "../../protocol/values.ts";
import { checkInputs, refreshedInputs } from "./check-inputs.ts";
import type { Databases } from "./databases.ts";
import { diffOutputs } from "./diff-outputs.ts";
import type { ObjectType } from "./object-type.ts";
import { planOutputs, settledOutputs } from "./plan-outputs.ts";
import { withRawStateDelta } from "./raw-state.ts";
import { toObjectError } from "./object-error.ts";

/** What a handler needs from the plugin. */
interface Context {
  /** Of the configured cluster. */
  readonly databases: () => Databases;
  /** The creates that an interrupted run had begun: only those may find their object there already. */
  readonly pendingCreates: ReadonlySet<string>;
}

/** Serves one kind of object as a resource: same inputs, outputs and ids as the official plugin's. */
export function objectHandler(type: ObjectType, context: Context): ResourceHandler {
  const { properties: table, describe } = type;

  const run = <T>(
    doing: string,
    object: Properties,
    work: (databases: Databases) => Promise<T>,
  ) => {
    const databases = context.databases();
    return databases.oneByOne(async () => {
      try {
        return await work(databases);
      } catch (cause) {
        throw toObjectError(`${doing} ${describe(object)}`, cause as Error);
      }
    });
  };
  const withSecrets = (properties: Properties): Properties =>
    mapProperties(properties, (value, name) => (table[name]?.secret ? secret(value) : value));
  const complete = (outputs: Properties, id: string): Properties =>
    withSecrets(withRawStateDelta(table, { ...outputs, id }));
  const settled = async (
    databases: Databases,
    planned: Properties,
    olds?: Properties,
  ): Promise<Properties> => {
    const seen = await type.read(databases, planned);
    if (!seen) throw new TenantryError("TNT-453", { object: describe(planned) });
    return settledOutputs(table, planned, seen, olds);
  };

  /** Takes over what an interrupted create left behind: makes it what was declared. */
  const adopt = async (databases: Databases, planned: Properties): Promise<void> => {
    const found = await settled(databases, planned);
    const wanted = mapProperties(planned, (value, name) =>
      value === UNKNOWN ? (found[name] ?? null) : value,
    );
    const { replaces } = diffOutputs(table, { olds: found, planned: wanted, news: wanted }, []);
    if (replaces.length > 0) throw alreadyThere(databases, planned);
    await type.update(databases, found, wanted);
  };
  const alreadyThere = (databases: Databases, planned: Properties): TenantryError =>
    new TenantryError("TNT-451", {
      object: describe(planned),
      token: type.token,
      id: type.id(planned, databases.config.database),
    });

  return {
    check: ({ olds, news }) => {
      const { inputs, failures } = checkInputs(table, news, olds);
      return {
        inputs: withSecrets(inputs),
        failures: [...failures, ...(type.check?.(inputs) ?? [])],
      };
    },

    diff: ({ olds, news, ignoreChanges }) => {
      const planned = planOutputs(table, news, olds);
      const difference = diffOutputs(table, { olds, planned, news }, ignoreChanges);
      const deleteBeforeReplace = type.deleteBeforeReplace && difference.replaces.length > 0;
      return { ...difference, deleteBeforeReplace };
    },

    create: async ({ urn, inputs, preview }) => {
      const planned = planOutputs(table, inputs, undefined);
      if (preview) return { id: "", outputs: withSecrets(planned) };
      return run("Creating", planned, async (databases) => {
        if (!(await type.exists?.(databases, planned))) await type.create(databases, planned);
        else if (context.pendingCreates.has(urn)) await adopt(databases, planned);
        else throw alreadyThere(databases, planned);
        const outputs = await settled(databases, planned);
        const id = type.id(outputs, databases.config.database);
        return { id, outputs: complete(outputs, id) };
      });
    },

    read: ({ inputs, outputs }) =>
      run("Reading", outputs, async (databases) => {
        const seen = await type.read(databases, outputs);
        if (!seen) return undefined;
        // By name, not by the state's id: an update may have renamed the object, and could not change the id.
        const id = type.id(outputs, databases.config.database);
        const now = complete({ ...outputs, ...seen }, id);
        return { id, inputs: refreshedInputs(table, inputs, now), outputs: now };
      }),

    update: async ({ olds, news, preview }) => {
      const planned = planOutputs(table, news, olds);
      if (preview)
        return withSecrets(
          Object.values(planned).some(containsUnknown)
            ? planned
            : withRawStateDelta(table, planned),
        );
      return run("Changing", olds, async (databases) => {
        await type.update(databases, olds, planned);
        const outputs = await settled(databases, planned, olds);
        return complete(outputs, type.id(outputs, databases.config.database));
      });
    },

    delete: ({ olds }) => run("Removing", olds, (databases) => type.remove(databases, olds)),
  };
}
