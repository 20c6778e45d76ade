import { messageOf, TenantryError } from "../core/errors.ts";
import { platformRoles } from "../core/roles.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import { PartialFailure } from "../protocol/plugin-failure.ts";
import type { ResourceHandler } from "../protocol/resource-handler.ts";
import { UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { inspectExisting, requireFreeNames, requireUsable } from "../server/existing-server.ts";
import type { ExistingDeclaration, ExistingFacts } from "../server/existing-server.ts";
import { isListening } from "../server/is-listening.ts";
import { waitForLogin, withLogin } from "../server/login.ts";
import { integer, listOf, mapOf, problemsOf, settingValue, text } from "./check-properties.ts";
import type { Session } from "./session.ts";

const ID = "server";

/**
 * A server that somebody else made: what it is, whether its administrator may do what is needed, and which of its
 * settings are not what was declared. None of them is changed.
 */
export function existingServerHandler(session: Session): ResourceHandler {
  const declared = ({ parameters, without }: Properties): ExistingDeclaration => ({
    parameters: parameters as Record<string, string>,
    without: without as unknown as ExistingDeclaration["without"],
    replicator: session.configuration.roles.replicator !== undefined,
  });
  const inspect = (inputs: Properties, signal: AbortSignal): Promise<ExistingFacts> =>
    waitForLogin(
      { ...session.administrator, plain: true },
      Number(inputs.deadlineSeconds),
      async (client) => {
        const facts = await inspectExisting(client, declared(inputs));
        requireUsable(facts);
        return facts;
      },
      signal,
    );
  const requireNames = async (inputs: Properties, facts: ExistingFacts): Promise<void> => {
    const { roles, database, stack } = session.configuration;
    const names = { roles: platformRoles(roles).map(({ name }) => name), database };
    try {
      await withLogin(session.administrator, (client) => requireFreeNames(client, names, stack));
    } catch (cause) {
      if (!(cause instanceof TenantryError && cause.code === "TNT-262")) throw cause;
      // Kept in the state, so that the next run goes on once the names are imported.
      const outputs = outputsOf(inputs, facts);
      throw new PartialFailure({ id: ID, outputs, reasons: [messageOf(cause)] }, { cause });
    }
  };
  return {
    check: ({ news }) =>
      problemsOf(news, {
        host: text,
        port: integer(1, 65_535),
        parameters: mapOf(settingValue),
        without: listOf(text),
        deadlineSeconds: integer(1, 3600),
      }),
    diff: async ({ oldInputs, news }) => {
      const { host, port } = session.configuration;
      const running = { diffKind: "update", inputDiff: false } as const;
      const isThere = await isListening(host, port);
      return { detailedDiff: { ...detailedDiff(oldInputs, news), ...(!isThere && { running }) } };
    },
    create: async ({ inputs, preview, signal }) => {
      if (preview) return { id: ID, outputs: { ...inputs, ...UNKNOWN_FACTS } };
      const facts = await inspect(inputs, signal);
      await requireNames(inputs, facts);
      return { id: ID, outputs: outputsOf(inputs, facts) };
    },
    update: async ({ olds, news, preview, signal }) => {
      if (preview) return { ...olds, ...news };
      const facts = await inspect(news, signal);
      if (facts.systemIdentifier !== olds.systemIdentifier)
        throw new TenantryError("TNT-263", { identifier: olds.systemIdentifier as string });
      return outputsOf(news, facts);
    },
    read: async ({ id, inputs, outputs }) => {
      const { host, port } = session.configuration;
      if (!(await isListening(host, port))) return { id, inputs, outputs };
      const facts = await withLogin({ ...session.administrator, plain: true }, (client) =>
        inspectExisting(client, declared(inputs)),
      );
      return { id, inputs, outputs: outputsOf(inputs, facts) };
    },
    delete: () => Promise.resolve(),
  };
}

const UNKNOWN_FACTS = {
  version: UNKNOWN,
  systemIdentifier: UNKNOWN,
  pendingRestart: UNKNOWN,
  differences: UNKNOWN,
  lacking: UNKNOWN,
  fileProblems: UNKNOWN,
};

function outputsOf(inputs: Properties, { capabilities, ...facts }: ExistingFacts): Properties {
  const lacking = capabilities.filter(({ verdict }) => verdict !== "there");
  return {
    ...inputs,
    ...facts,
    differences: facts.differences.map((difference) => ({ ...difference })),
    lacking: lacking.map(({ capability }) => capability),
  };
}
