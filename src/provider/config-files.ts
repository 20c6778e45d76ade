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
import {
  containerPlace,
  removePasswordFile,
  writePasswordFile,
} from "../server/container-files.ts";
import { hasImage } from "../server/docker.ts";
import { explainFileErrors } from "../server/file-error.ts";
import { osUser } from "../server/os-user.ts";
import { requireFreePublication } from "../server/free-publication.ts";
import { serverPlace } from "../server/server-place.ts";
import {
  integer,
  listOf,
  mapOf,
  object,
  optional,
  plainPassword,
  problemsOf,
  settingValue,
  text,
} from "./check-properties.ts";
import type { Session } from "./session.ts";

interface ConfigFilesInputs extends ServerConfiguration {
  readonly directory: string;
  /** What a server in a container has beside; without it, the server is one on this machine. */
  readonly container?: {
    /** The image whose program checks the configuration. */
    readonly image: string;
    /** The administrator's password, for the first start. */
    readonly password: string;
    /**
     * The container, its port and the address on this machine: Docker would find out that they are taken when the
     * old container is gone.
     */
    readonly name: string;
    readonly port: number;
    readonly address: string;
  };
}

const asInputs = (properties: Properties): ConfigFilesInputs =>
  properties as unknown as ConfigFilesInputs;

/** What the plugin itself says when it starts the server. */
const OWN_SETTINGS = ["config_file", "data_directory", "hba_file", "port"];

/** In a preview whose settings come from resources that are not there yet. */
const UNKNOWN_OUTPUTS = {
  configFile: UNKNOWN,
  hbaFile: UNKNOWN,
  digest: UNKNOWN,
  startDigest: UNKNOWN,
  configDirectory: UNKNOWN,
  passwordFile: UNKNOWN,
};

/** The folder of both files. */
function configDirectory({
  directory,
  container,
}: Pick<ConfigFilesInputs, "directory" | "container">): string {
  return container ? containerPlace(directory).config : serverPlace(directory, osUser()).config;
}

/** postgresql.conf and pg_hba.conf of a server on this machine, or in a container on it. Read tells an edit by hand as drift. */
export function configFilesHandler(session: Session): ResourceHandler {
  const write = async (inputs: Properties, preview: boolean): Promise<Properties> => {
    if (containsUnknown(inputs)) return { ...inputs, ...UNKNOWN_OUTPUTS };
    const declared = asInputs(inputs);
    const { container } = declared;
    if (container) await requireFreePublication({ ...container, container: container.name });
    // A preview fetches no image to ask its program.
    if (!preview || container === undefined || (await hasImage(container.image)))
      await checkConfigFiles(declared, container?.image);
    if (!preview)
      await explainFileErrors(() => {
        writeConfigFiles(configDirectory(declared), renderConfiguration(declared));
        if (container)
          writePasswordFile(containerPlace(declared.directory).password, container.password);
      });
    return outputs(inputs, configurationDigest(renderConfiguration(declared)));
  };
  return {
    check: ({ news }) => checkInputs(news),
    diff: ({ oldInputs, olds, news }) => {
      const changed = detailedDiff(oldInputs, news);
      if (containsUnknown(news)) return { detailedDiff: changed };
      const digest = configurationDigest(renderConfiguration(asInputs(news)));
      const edited = Object.keys(changed).length === 0 && olds.digest !== digest;
      return {
        detailedDiff: edited ? { digest: { diffKind: "update", inputDiff: false } } : changed,
      };
    },
    create: async ({ inputs, preview }) => ({
      id: asInputs(inputs).directory,
      outputs: await write(inputs, preview),
    }),
    update: ({ news, preview }) => write(news, preview),
    read: ({ id, outputs: old }) => {
      const { container } = old;
      const kept = { directory: old.directory ?? id, ...(container && { container }) };
      const texts = readConfigFiles(configDirectory(asInputs(kept)));
      if (texts === undefined) return Promise.resolve(undefined);
      const inputs = { ...kept, ...({ ...parseConfiguration(texts) } as Properties) };
      return Promise.resolve({ id, inputs, outputs: outputs(inputs, configurationDigest(texts)) });
    },
    delete: ({ olds }) => {
      // Elsewhere the server goes on, and needs them.
      if (!session.configuration.disposable) return Promise.resolve();
      const declared = asInputs(olds);
      if (declared.container) removePasswordFile(containerPlace(declared.directory).password);
      removeConfigFiles(configDirectory(declared));
      return Promise.resolve();
    },
  };
}

function outputs(inputs: Properties, digest: string): Properties {
  const declared = asInputs(inputs);
  const directory = configDirectory(declared);
  const paths = configFiles(directory);
  return {
    ...inputs,
    configFile: paths.postgresqlConf,
    hbaFile: paths.pgHba,
    digest,
    startDigest: startDigest(declared.parameters),
    ...(declared.container && {
      configDirectory: directory,
      passwordFile: containerPlace(declared.directory).password,
    }),
  };
}

function checkInputs(news: Properties): CheckFailure[] {
  const failures = problemsOf(news, {
    directory: text,
    parameters: mapOf(settingValue),
    hba: listOf(text),
    container: optional(
      object({
        image: text,
        password: plainPassword,
        name: text,
        port: integer(1, 65_535),
        address: text,
      }),
    ),
  });
  if (failures.length > 0 || containsUnknown(news)) return failures;
  const { parameters, hba } = asInputs(news);
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
