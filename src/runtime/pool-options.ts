import { TenantryError } from "../core/errors.ts";
import type { TenantIsolation } from "../core/tenant.ts";

/**
 * What keeps the tenants of a pool apart: their schemas (`shared`), their schemas and roles (`strict`), or, where there
 * are no tenant schemas, row level security on the shared tables (`partitions`).
 */
export type PoolIsolation = TenantIsolation | "partitions";

/** How a pool reaches the database. What is left out comes from the environment, then from the defaults. */
export interface TenantPoolOptions {
  /** The server. Default: DB_HOST, else `localhost`. */
  readonly host?: string;
  /** Its port. Default: DB_PORT, else 5432. */
  readonly port?: number;
  /** The database. Default: DB_NAME, else `nostromo`. */
  readonly database?: string;
  /** The role that logs in. Default: DB_USER, else `nostromo_user`. */
  readonly user?: string;
  /** Its password. Default: DB_PASSWORD; without one the login decides. */
  readonly password?: string;
  /** Encryption, as `pg` takes it. Default: false. */
  readonly ssl?: boolean | object;
  /**
   * What the tenants are declared with: an application serves those of one isolation. `partitions` is for a stack with
   * `tenantry:partitions: values`, where a tenant is a value of the partition key. Default: `shared`.
   */
  readonly isolation?: PoolIsolation;
  /** Connections at most. Default: 20. */
  readonly max?: number;
  /** Milliseconds after which an unused connection is closed; 0 = never. Default: 30,000. */
  readonly idleTimeoutMillis?: number;
  /** Milliseconds to wait for a connection; 0 = for ever. Default: 2,000. */
  readonly connectionTimeoutMillis?: number;
  /**
   * Seconds a connection lives; 0 = for ever. A connection remembers each table it touched, about 12 kB, until it
   * ends. Default: 1,800.
   */
  readonly maxLifetimeSeconds?: number;
  /** Milliseconds a statement may take; 0 = no limit. Default: 30,000. */
  readonly statementTimeoutMillis?: number;
  /** Milliseconds a scope may wait between two statements, holding its locks; 0 = no limit. Default: 60,000. */
  readonly idleInTransactionTimeoutMillis?: number;
}

/** The options of a pool, whole and valid. */
export type PoolSettings = Required<Omit<TenantPoolOptions, "password">> & {
  readonly password: string | undefined;
};

/** What a pool has unless told otherwise: the document's values, and limits on what it left open. */
export const POOL_DEFAULTS = {
  host: "localhost",
  port: 5432,
  database: "nostromo",
  user: "nostromo_user",
  ssl: false,
  isolation: "shared",
  max: 20,
  idleTimeoutMillis: 30_000,
  connectionTimeoutMillis: 2000,
  maxLifetimeSeconds: 1800,
  statementTimeoutMillis: 30_000,
  idleInTransactionTimeoutMillis: 60_000,
} as const satisfies TenantPoolOptions;

const NUMBERS = {
  port: [1, 65_535],
  max: [1, 10_000],
  idleTimeoutMillis: [0, 2_147_483_647],
  connectionTimeoutMillis: [0, 2_147_483_647],
  // A timer of Node holds no more.
  maxLifetimeSeconds: [0, 2_147_483],
  statementTimeoutMillis: [0, 2_147_483_647],
  idleInTransactionTimeoutMillis: [0, 2_147_483_647],
} as const;

const ISOLATIONS: readonly unknown[] = ["shared", "strict", "partitions"] satisfies PoolIsolation[];

const TEXTS = ["host", "database", "user"] as const;

const KNOWN = new Set<string>([...Object.keys(POOL_DEFAULTS), "password"]);

/**
 * The options of a pool with what the environment and the defaults add.
 *
 * @throws {TenantryError} TNT-801 with every mistake at once.
 */
export function readPoolOptions(
  options: TenantPoolOptions,
  environment: Readonly<Record<string, string | undefined>>,
): PoolSettings {
  const port = environment.DB_PORT;
  const given = {
    host: environment.DB_HOST,
    // A text that is no number stays one, so that the message shows it.
    port: port === undefined || !/^\d+$/.test(port) ? port : Number(port),
    database: environment.DB_NAME,
    user: environment.DB_USER,
    password: environment.DB_PASSWORD,
    ...withoutUndefined(options),
  };
  const settings: Record<string, unknown> = { ...POOL_DEFAULTS, ...withoutUndefined(given) };
  const problems = [
    ...Object.keys(options)
      .filter((name) => !KNOWN.has(name))
      .map((name) => `${name} is not an option: they are ${[...KNOWN].join(", ")}`),
    ...TEXTS.filter((name) => typeof settings[name] !== "string" || settings[name] === "").map(
      (name) => `${name} is ${show(settings[name])}: a text that is not empty is needed`,
    ),
    ...Object.entries(NUMBERS)
      .filter(([name, [least, most]]) => !isWhole(settings[name], least, most))
      .map(
        ([name, [least, most]]) =>
          `${name} is ${show(settings[name])}: a whole number from ${least} to ${most} is needed`,
      ),
    ...(ISOLATIONS.includes(settings.isolation)
      ? []
      : [`isolation is ${show(settings.isolation)}: "shared", "strict" or "partitions" is needed`]),
    ...(["string", "undefined"].includes(typeof settings.password)
      ? []
      : ["password is not a text"]),
    ...(typeof settings.ssl === "boolean" ||
    (typeof settings.ssl === "object" && settings.ssl !== null)
      ? []
      : [`ssl is ${show(settings.ssl)}: true, false or the options of node:tls are needed`]),
  ];
  if (problems.length > 0) throw new TenantryError("TNT-801", { problems });
  return Object.freeze(settings) as unknown as PoolSettings;
}

const show = (value: unknown): string =>
  typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);

const isWhole = (value: unknown, least: number, most: number): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

const withoutUndefined = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]: [string, unknown]) => value !== undefined),
  );
