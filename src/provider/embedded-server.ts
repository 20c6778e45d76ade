import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { DetailedDiff } from "../protocol/detailed-diff.ts";
import type { CheckFailure, ResourceHandler } from "../protocol/resource-handler.ts";
import { UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { findBinaries } from "../server/binaries.ts";
import { hasData } from "../server/data-directory.ts";
import {
  convergeServer,
  createServer,
  inspectServer,
  removeServer,
  requireServer,
} from "../server/embedded-server.ts";
import type { EmbeddedDeclaration, EmbeddedFacts } from "../server/embedded-server.ts";
import { explainFileErrors } from "../server/file-error.ts";
import { serverStatus } from "../server/server-status.ts";
import { integer, oneOf, plainPassword, problemsOf, text } from "./check-properties.ts";
import type { Session } from "./session.ts";

interface EmbeddedServerInputs extends EmbeddedDeclaration {
  readonly startDigest: string;
  readonly restartPolicy: "allow" | "deny";
}

interface EmbeddedServerOutputs extends EmbeddedServerInputs, EmbeddedFacts {
  readonly running: boolean;
  /** The start-only settings that the server was started with; behind `startDigest` while a restart is pending. */
  readonly startedWith: string;
}

const asInputs = (properties: Properties): EmbeddedServerInputs =>
  properties as unknown as EmbeddedServerInputs;
const asOutputs = (properties: Properties): EmbeddedServerOutputs =>
  properties as unknown as EmbeddedServerOutputs;

/** What starting, finding or restarting the server gave, beside its inputs. */
const outputs = (inputs: Properties, facts: EmbeddedFacts, startedWith: string): Properties => ({
  ...inputs,
  ...facts,
  running: true,
  startedWith,
});

/** A PostgreSQL server on this machine. Diff looks whether it runs, so that a stopped one is never taken for good. */
export function embeddedServerHandler(session: Session): ResourceHandler {
  return {
    check: ({ olds, news }) => checkInputs(olds, news),
    diff: ({ oldInputs, olds, news }) => ({ detailedDiff: differences(oldInputs, olds, news) }),

    create: async ({ inputs, preview }) => {
      const declaration = asInputs(inputs);
      const facts = await explainFileErrors(async () => {
        if (!preview) return createServer(declaration);
        const { data } = await inspectServer(declaration);
        return { version: UNKNOWN, dataDirectory: data, systemIdentifier: UNKNOWN };
      });
      return {
        id: declaration.directory,
        outputs: outputs(inputs, facts, declaration.startDigest),
      };
    },

    update: async ({ olds, news, preview }) => {
      const old = asOutputs(olds);
      const declaration = asInputs(news);
      const stopped = serverStatus(old.dataDirectory) === undefined;
      const restart = restartReasons(old, declaration).length > 0;
      const moved = old.port !== declaration.port;
      const facts = await explainFileErrors(async () => {
        const change = { restart, oldPassword: old.password };
        if (!preview) return convergeServer(old.dataDirectory, declaration, change);
        await requireServer(old.dataDirectory, declaration.port);
        return old;
      });
      const { version, dataDirectory, systemIdentifier } = facts;
      return outputs(
        news,
        { version, dataDirectory, systemIdentifier },
        stopped || restart || moved ? declaration.startDigest : old.startedWith,
      );
    },

    read: ({ id, inputs, outputs: old }) => {
      const { dataDirectory } = old;
      if (typeof dataDirectory !== "string" || !hasData(dataDirectory))
        return Promise.resolve(undefined);
      const running = serverStatus(dataDirectory) !== undefined;
      return Promise.resolve({ id, inputs, outputs: { ...old, running } });
    },

    delete: async ({ id, olds }) => {
      session.requireDisposable(`The server in ${id}`);
      const { dataDirectory, systemIdentifier } = asOutputs(olds);
      await explainFileErrors(() => removeServer(dataDirectory, systemIdentifier));
    },
  };
}

/** What a running server takes only by a restart: other start-only settings, and the programs of an update. */
function restartReasons(old: EmbeddedServerOutputs, news: EmbeddedServerInputs): string[] {
  if (news.restartPolicy === "deny") return [];
  return [
    ...(old.startedWith === news.startDigest ? [] : ["startDigest"]),
    ...(old.version === findBinaries().version ? [] : ["version"]),
  ];
}

/** The changed inputs, and what the server itself shows: that it is down, on another port, or waits for a restart. */
function differences(oldInputs: Properties, olds: Properties, news: Properties): DetailedDiff {
  const old = asOutputs(olds);
  const declaration = asInputs(news);
  const found = { diffKind: "update", inputDiff: false } as const;
  const status = serverStatus(old.dataDirectory);
  return {
    ...(status !== undefined && status.port !== declaration.port ? { port: found } : {}),
    ...Object.fromEntries(restartReasons(old, declaration).map((reason) => [reason, found])),
    ...detailedDiff(oldInputs, news),
    ...(status === undefined ? { running: found } : {}),
  };
}

/** Inputs that say which server it is; another value would mean another server, and the loss of this one's data. */
const IDENTITY = ["directory", "user"];

function checkInputs(olds: Properties, news: Properties): CheckFailure[] {
  return [
    ...problemsOf(news, {
      directory: text,
      port: integer(1, 65_535),
      user: text,
      password: plainPassword,
      startDigest: text,
      restartPolicy: oneOf("allow", "deny"),
    }),
    ...IDENTITY.filter((name) => olds[name] !== undefined && olds[name] !== news[name]).map(
      (property) => ({
        property,
        reason: `${property} of a server that is there cannot change (it is ${JSON.stringify(olds[property])}): its data would be lost.`,
      }),
    ),
  ];
}
