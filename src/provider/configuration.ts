import type { BucketAccess } from "../core/archive-location.ts";
import type { RoleNames } from "../core/roles.ts";
import { TLS_MODES } from "../core/tls.ts";
import type { Tls } from "../core/tls.ts";
import type { CheckFailure } from "../protocol/resource-handler.ts";
import { isObject } from "../protocol/values.ts";
import type { Properties, Value } from "../protocol/values.ts";
import {
  boolean,
  integer,
  object,
  oneOf,
  optional,
  problemsOf,
  secretText,
  text,
} from "./check-properties.ts";

/** What the program gives to the provider: where the database is, and how this stack names things in it. */
export interface Configuration {
  readonly host: string;
  readonly port: number;
  /** The administrator. */
  readonly user: string;
  readonly password: string;
  /** Default: plain text. */
  readonly tls?: Tls;
  /** Where the administrator logs in for what belongs to the whole cluster. Default: postgres. */
  readonly maintenanceDatabase?: string;
  /** The application's database. */
  readonly database: string;
  /** `<project>/<stack>`, as the registry holds it. */
  readonly stack: string;
  readonly roles: RoleNames;
  readonly partitionKey: string;
  /** Where the tenants' archives go: a folder, or `s3://bucket/folder`. */
  readonly archives: string;
  /** How buckets are reached. */
  readonly bucketAccess?: BucketAccess;
  /** New archives are encrypted with it. */
  readonly archivePassphrase?: string;
  /** Others that open archives, one a line. */
  readonly formerArchivePassphrases?: string;
  /** Of the bucket's access key. */
  readonly archiveSecretKey?: string;
  /** Lifts every protection against the loss of data. */
  readonly disposable: boolean;
  /** Days for which a tenant stays retired before it may be removed. Default: none. */
  readonly retention?: number;
}

const ROLES = ["owner", "user", "app", "readonly", "monitor", "backup"];

/** What everything in the database was made with: under another value, a part of it would silently not be found. */
const LASTING = ["database", "stack", "partitionKey", ...ROLES.map((role) => `roles.${role}`)];

/** Every problem of the provider's arguments, beside those of the last run. */
export function checkConfiguration(news: Properties, olds: Properties): CheckFailure[] {
  const failures = problemsOf(news, {
    host: text,
    port: integer(1, 65_535),
    user: text,
    password: secretText,
    tls: optional(object({ mode: oneOf(...TLS_MODES), ca: optional(text) })),
    maintenanceDatabase: optional(text),
    database: text,
    stack: text,
    roles: object(Object.fromEntries(ROLES.map((role) => [role, text]))),
    partitionKey: text,
    archives: text,
    bucketAccess: optional(
      object({ endpoint: optional(text), region: optional(text), accessKeyId: optional(text) }),
    ),
    archivePassphrase: optional(secretText),
    formerArchivePassphrases: optional(secretText),
    archiveSecretKey: optional(secretText),
    disposable: boolean,
    retention: optional(integer(0, 3650)),
  });
  const changed = LASTING.filter(
    (path) => at(olds, path) !== undefined && at(olds, path) !== at(news, path),
  );
  return [
    ...failures,
    ...changed.map((property) => ({
      property,
      reason: `${property} cannot change from ${JSON.stringify(at(olds, property))} to ${JSON.stringify(at(news, property))}: everything in the database was made with it. Bring it back, or make a new stack.`,
    })),
  ];
}

/** The value at a path such as `roles.user`. */
function at(properties: Properties, path: string): Value | undefined {
  return path
    .split(".")
    .reduce<Value | undefined>(
      (value, key) => (isObject(value) ? value[key] : undefined),
      properties,
    );
}
