import type { PartitionPlacement } from "../core/partition.ts";
import type { Rotation } from "../core/rotation.ts";
import { applyMigrations } from "../fleet/apply-migrations.ts";
import type { AreaOptions, PlatformArea } from "../fleet/apply-migrations.ts";
import { readMigrations } from "../fleet/read-migrations.ts";
import { unlessGone } from "../fleet/unless-gone.ts";
import type { CheckFailure, ResourceHandler } from "../protocol/resource-handler.ts";
import type { Properties } from "../protocol/values.ts";
import { checkUnchangedFiles, filesThatRan, migrationFiles, newestVersion } from "./check-files.ts";
import {
  boolean,
  integer,
  mapOf,
  object,
  oneOf,
  optional,
  problemsOf,
} from "./check-properties.ts";
import type { Session } from "./session.ts";

interface MigrationsInputs {
  readonly area: PlatformArea;
  readonly rowLevelSecurity?: boolean;
  readonly rotations?: Readonly<Record<string, Rotation>>;
  readonly partitions?: PartitionPlacement;
}

const generation = integer(1, 1_000_000);
const rotation = object({ generation, overlap: boolean, confirmed: optional(generation) });

/** What only one area has, and what it is unless declared. */
function optionsOf({
  area,
  rowLevelSecurity = false,
  rotations,
  partitions = "tenants",
}: MigrationsInputs): AreaOptions {
  if (area === "central") return { rowLevelSecurity, ...(rotations && { rotations }) };
  return area === "shared" ? { partitions } : {};
}

/** The migrations of one shared schema. */
export function migrationsHandler(session: Session): ResourceHandler {
  const apply = async (
    inputs: Properties,
    preview: boolean,
    signal: AbortSignal,
  ): Promise<Properties> => {
    if (preview) return { ...inputs, version: newestVersion(inputs.files) };
    const declared = inputs as unknown as MigrationsInputs;
    const options = optionsOf(declared);
    const { version } = await applyMigrations(session.fleet(signal), declared.area, options);
    return { ...inputs, version };
  };
  return {
    check: ({ olds, news }) => checkInputs(olds, news),
    create: async ({ inputs, preview, signal }) => ({
      id: (inputs as unknown as MigrationsInputs).area,
      outputs: await apply(inputs, preview, signal),
    }),
    update: ({ news, preview, signal }) => apply(news, preview, signal),
    read: async ({ id, inputs, outputs, signal }) => {
      const area = id as PlatformArea;
      const ran = await unlessGone(() => readMigrations(session.fleet(signal), area));
      if (ran === undefined || ran.length === 0) return undefined;
      const found = { ...inputs, files: filesThatRan(inputs.files, ran) };
      return { id, inputs: found, outputs: { ...outputs, ...found, version: ran.at(-1) ?? 0 } };
    },
    delete: ({ id }) => {
      session.requireDisposable(`The schema of ${id}`);
      return Promise.resolve();
    },
  };
}

function checkInputs(olds: Properties, news: Properties): CheckFailure[] {
  const { area } = news;
  return [
    ...problemsOf(news, {
      area: oneOf("books", "central", "parametros", "shared"),
      files: migrationFiles,
      rowLevelSecurity: optional(boolean),
      rotations: optional(mapOf(rotation)),
      partitions: optional(oneOf("tenants", "values")),
    }),
    ...checkUnchangedFiles("files", `sql/${area as string}`, olds.files, news.files),
    ...(news.rowLevelSecurity === true && area !== "central"
      ? [{ property: "rowLevelSecurity", reason: "rowLevelSecurity is for the area central only." }]
      : []),
    ...(news.rotations !== undefined && area !== "central"
      ? [{ property: "rotations", reason: "rotations is for the area central only." }]
      : []),
    ...(news.partitions === "values" && area !== "shared"
      ? [{ property: "partitions", reason: "partitions is for the area shared only." }]
      : []),
    ...(olds.area !== undefined && olds.area !== area
      ? [{ property: "area", reason: "area of migrations that ran cannot change." }]
      : []),
  ];
}
