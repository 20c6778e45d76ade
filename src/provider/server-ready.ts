import { TenantryError } from "../core/errors.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { ResourceHandler } from "../protocol/resource-handler.ts";
import { UNKNOWN } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import { explainContainer } from "../server/explain-container.ts";
import { isListening } from "../server/is-listening.ts";
import { waitForLogin, whileItStarts, withLogin } from "../server/login.ts";
import { reloadConfiguration, serverFacts } from "../server/reload-configuration.ts";
import type { ServerFacts } from "../server/reload-configuration.ts";
import { requireServedCertificate } from "../server/served-certificate.ts";
import { ensurePassword } from "../server/set-password.ts";
import { integer, optional, plainPassword, problemsOf, text } from "./check-properties.ts";
import type { Session } from "./session.ts";

/** A login that works, and a configuration that the server has read: what all that is inside it waits for. */
export function serverReadyHandler(session: Session): ResourceHandler {
  const makeReady = async (
    inputs: Properties,
    signal: AbortSignal,
    oldPassword?: Value,
  ): Promise<Properties> => {
    const { administrator } = session;
    const { container } = inputs;
    const deadline = Number(inputs.deadlineSeconds);
    const login = async (): Promise<ServerFacts> => {
      if (typeof oldPassword === "string")
        await whileItStarts(
          administrator,
          deadline,
          () => ensurePassword(administrator, oldPassword),
          signal,
        );
      return waitForLogin(
        administrator,
        deadline,
        async (client) => {
          await reloadConfiguration(client);
          return serverFacts(client);
        },
        signal,
      );
    };
    const facts = await (typeof container === "string"
      ? explainContainer(container, login)
      : login());
    if (typeof inputs.certificate === "string")
      await requireServedCertificate(administrator.host, administrator.port, inputs.certificate);
    return { ...inputs, ...facts };
  };
  const unknown = { version: UNKNOWN, systemIdentifier: UNKNOWN, pendingRestart: UNKNOWN };
  return {
    check: ({ news }) =>
      problemsOf(news, {
        configuration: text,
        deadlineSeconds: integer(1, 3600),
        container: optional(text),
        password: optional(plainPassword),
        certificate: optional(text),
      }),
    diff: async ({ oldInputs, news }) => {
      const { host, port } = session.configuration;
      const running = { diffKind: "update", inputDiff: false } as const;
      return {
        detailedDiff: {
          ...detailedDiff(oldInputs, news),
          ...((await isListening(host, port)) ? {} : { running }),
        },
      };
    },
    create: async ({ inputs, preview, signal }) => ({
      id: "server",
      outputs: preview ? { ...inputs, ...unknown } : await makeReady(inputs, signal),
    }),
    update: async ({ olds, news, preview, signal }) => {
      if (preview) return { ...olds, ...news };
      const ready = await makeReady(news, signal, olds.password);
      if (news.container !== undefined && ready.systemIdentifier !== olds.systemIdentifier)
        throw new TenantryError("TNT-241", { identifier: olds.systemIdentifier as string });
      return ready;
    },
    read: async ({ id, inputs, outputs }) => {
      const { host, port } = session.configuration;
      // A stopped server is the drift of the resource that runs it, not this one's.
      if (!(await isListening(host, port))) return { id, inputs, outputs };
      const facts = await withLogin(session.administrator, serverFacts);
      return { id, inputs, outputs: { ...outputs, ...facts } };
    },
    delete: () => Promise.resolve(),
  };
}
