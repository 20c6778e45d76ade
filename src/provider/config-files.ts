import {
  configurationDigest,
  parseConfiguration,
  renderConfiguration,
  startDigest,
} from "../core/server-configuration.ts";
import type { ServerConfiguration } from "../core/server-configuration.ts";
import { parsePgHba } from "../core/pg-hba.ts";
import { detailedDiff } from "../protocol/detailed-diff.ts";
import type { CheckFailure, ResourceHandler } from "../protocol/resource-handler.ts";
import { containsUnknown, UNKNOWN } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import {
  checkConfigFiles,
  configFiles,
  readConfigFiles,
  removeConfigFiles,
  writeConfigFiles,
} from "../server/config-files.ts";
import { explainFileErrors } from "../server/file-error.ts";
import { osUser } from "../server/os-user.ts";
import { serverPlace } from "../server/server-place.ts";
import { listOf, mapOf, matching, problemsOf, text } from "./check-properties.ts";
import type { Session } from "./session.ts";

interface ConfigFilesInputs extends ServerConfiguration {
  readonly directory: string;
}

/** What the plugin itself says when it starts the server. */
const OWN_SETTINGS = ["config_file", "data_directory", "hba_file", "port"];

/** In a preview whose settings come from resources that are not there yet. */
const UNKNOWN_OUTPUTS = {
  configFile: UNKNOWN,
  hbaFile: UNKNOWN,
  digest: UNKNOWN,
  startDigest: UNKNOWN,
};

const isSettingValue = matching(/^[^\0]*$/, "a text without NUL characters");

/** postgresql.conf and pg_hba.conf of a server on this machine. Read tells an edit by hand as drift. */
export function configFilesHandler(session: Session): ResourceHandler {
  const write = async (inputs: Properties, preview: boolean): Promise<Properties> => {
    if (containsUnknown(inputs)) return { ...inputs, ...UNKNOWN_OUTPUTS };
    const configuration = inputs as unknown as ConfigFilesInputs;
    await checkConfigFiles(configuration);
    const directory = serverPlace(configuration.directory, osUser()).config;
    if (!preview)
      await explainFileErrors(() => {
        writeConfigFiles(directory, renderConfiguration(configuration));
      });
    return outputs(inputs, directory, configurationDigest(renderConfiguration(configuration)));
  };
  return {
    check: ({ news }) => checkInputs(news),
    diff: ({ oldInputs, olds, news }) => {
      const changed = detailedDiff(oldInputs, news);
      if (containsUnknown(news)) return { detailedDiff: changed };
      const digest = configurationDigest(renderConfiguration(news as unknown as ConfigFilesInputs));
      const edited = Object.keys(changed).length === 0 && olds.digest !== digest;
      return {
        detailedDiff: edited ? { digest: { diffKind: "update", inputDiff: false } } : changed,
      };
    },
    create: async ({ inputs, preview }) => ({
      id: (inputs as unknown as ConfigFilesInputs).directory,
      outputs: await write(inputs, preview),
    }),
    update: ({ news, preview }) => write(news, preview),
    read: ({ id, outputs: old }) => {
      const directory = serverPlace(id, osUser()).config;
      const texts = readConfigFiles(directory);
      if (texts === undefined) return Promise.resolve(undefined);
      const found = { ...parseConfiguration(texts) } as Properties;
      const inputs = { directory: old.directory ?? id, ...found };
      return Promise.resolve({
        id,
        inputs,
        outputs: outputs(inputs, directory, configurationDigest(texts)),
      });
    },
    delete: ({ id }) => {
      // Elsewhere the server goes on, and needs them.
      if (session.configuration.disposable) removeConfigFiles(serverPlace(id, osUser()).config);
      return Promise.resolve();
    },
  };
}

function outputs(inputs: Properties, directory: string, digest: string): Properties {
  const { parameters } = inputs as unknown as ConfigFilesInputs;
  const paths = configFiles(directory);
  return {
    ...inputs,
    configFile: paths.postgresqlConf,
    hbaFile: paths.pgHba,
    digest,
    startDigest: startDigest(parameters),
  };
}

function checkInputs(news: Properties): CheckFailure[] {
  const failures = problemsOf(news, {
    directory: text,
    parameters: mapOf(isSettingValue),
    hba: listOf(text),
  });
  if (failures.length > 0 || containsUnknown(news)) return failures;
  const { parameters, hba } = news as unknown as ConfigFilesInputs;
  return [
    ...Object.keys(parameters)
      .filter((name) => OWN_SETTINGS.includes(name))
      .map((name) => ({
        property: `parameters.${name}`,
        reason: `parameters.${name} may not be set: tenantry sets it itself when it starts the server.`,
      })),
    ...parsePgHba(hba.join("\n")).problems.map(({ line, rule }) => ({
      property: `hba[${line - 1}]`,
      reason: `hba[${line - 1}], ${JSON.stringify(hba[line - 1] ?? "")}, ${rule}.`,
    })),
  ];
}
