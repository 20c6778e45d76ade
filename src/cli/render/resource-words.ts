import { tenantSchema } from "../../core/names.ts";
import { showValue } from "./property.ts";
import type { Difference } from "./property.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** What the words of one resource may also need: facts from other steps of the plan. */
export interface PlanFacts {
  /** The newest tenant migration, 0 when unknown. */
  readonly newestTenantMigration: number;
}

/** How a type of resource is spoken of. */
export interface ResourceWords {
  readonly noun: string;
  readonly plural?: string;
  /** Which one; without it, the resource's name in the program. */
  readonly name?: (inputs: Inputs) => string;
  /** What a new one is. */
  readonly created?: (inputs: Inputs, facts: PlanFacts) => string;
  /** What removing one means. */
  readonly removed?: (inputs: Inputs) => string;
  /** One difference; without an answer, `label old => new`; an empty one says nothing. */
  readonly changed?: (difference: Difference) => string | undefined;
  /** Whether another one takes its place without a loss, so that a replacement is a change like others. */
  readonly isReplaceable?: boolean;
  /** Whether this one is named even where many are counted. */
  readonly notable?: (inputs: Inputs) => boolean;
}

const text = (value: unknown): string => (typeof value === "string" ? value : showValue(value));

const list = (value: unknown): string =>
  Array.isArray(value) ? value.map(text).join(", ") : text(value);

const object = (value: unknown): Inputs =>
  typeof value === "object" && value !== null ? (value as Inputs) : {};

/** The numbers of migration files, `001_registry.sql`: `migrations 1-3`. */
export function migrationNumbers(files: unknown): number[] {
  return Object.keys(object(files))
    .map((file) => Number.parseInt(file, 10))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

export function migrationRange(last: number, first = 1): string {
  return last <= first ? `migration ${last}` : `migrations ${first}-${last}`;
}

const spanOf = (files: unknown): string => {
  const numbers = migrationNumbers(files);
  return migrationRange(numbers.at(-1) ?? 0, numbers[0]);
};

const migrationChange = ({ path, kind }: Difference): string | undefined => {
  const file = path[1];
  if (file === undefined) return undefined;
  if (kind === "add") return `runs ${file}`;
  return kind === "delete" ? `${file} is gone` : `${file} was edited`;
};

const areaChange = (difference: Difference): string | undefined => {
  const [first, role] = difference.path;
  if (first !== "rotations") return migrationChange(difference);
  return role === undefined ? "logs changes of passwords" : `logs the change of ${role}`;
};

const passwordChange = ({ path, kind, new: value }: Difference): string | undefined => {
  if (path[0] === "generation") return kind === "delete" ? "" : "a new one";
  if (path.join(".") === "overlap.confirmed") return `generation ${showValue(value)} is confirmed`;
  if (path.join(".") === "overlap.generation")
    return `the newest is generation ${showValue(value)}`;
  if (path[0] !== "overlap") return undefined;
  return kind === "delete" ? "ends the overlap" : "stays until a new one is confirmed";
};

/** What else than a file of its own lets the fleet be looked at. */
const fleetChange = ({ path }: Difference): string | undefined => {
  if (path[0] === "canary") return "other canaries";
  return path[0] === "shared" ? "gives tenants the partitions they lack" : undefined;
};

/** A digest as people tell it from another: its first 12 digits. */
const imageName = (name: unknown): string =>
  text(name).replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1");

const on = ({ objectType, schema, database, objects }: Inputs): string => {
  const names = Array.isArray(objects) && objects.length > 0 ? ` ${list(objects)}` : "s";
  if (objectType === "database") return `database ${text(database)}`;
  if (objectType === "schema") return `schema ${text(schema)}`;
  return `${text(objectType)}${names} of ${text(schema)}`;
};

const CLONED: Readonly<Record<string, string>> = {
  none: "without rows",
  masked: "masked",
  full: "with ALL its data",
};

const cloneWords = ({ from, data }: Inputs): string =>
  from === undefined ? "" : `cloned from ${text(from)}, ${CLONED[text(data)] ?? text(data)}`;

const tenant: ResourceWords = {
  noun: "tenant",
  created: ({ spec }, { newestTenantMigration }) => {
    const { id, state, isolation, pin, restore, clone } = object(spec);
    const version = typeof pin === "number" ? pin : newestTenantMigration;
    return [
      `schema ${tenantSchema(text(id))}`,
      version > 0 ? migrationRange(version) : "",
      typeof pin === "number" ? "pinned there" : "",
      isolation === "strict" ? "strict isolation" : "",
      state === "active" ? "" : text(state),
      typeof restore === "string" ? `with the rows of ${restore}` : "",
      cloneWords(object(clone)),
    ]
      .filter((part) => part !== "")
      .join(", ");
  },
  removed: ({ spec }) => `drops schema ${tenantSchema(text(object(spec).id))} and what is in it`,
  notable: ({ spec }) => {
    const { state, isolation, ...more } = object(spec);
    const isSpecial = ["pin", "restore", "clone"].some((key) => more[key] !== undefined);
    return state !== "active" || isolation === "strict" || isSpecial;
  },
};

/** In the order in which a plan names them: the server first, tenants last. */
const WORDS: Readonly<Record<string, ResourceWords>> = {
  "tenantry:index:ConfigFiles": {
    noun: "server settings",
    plural: "server settings",
    name: () => "",
    created: ({ parameters, hba }) =>
      `${Object.keys(object(parameters)).length} settings, ${Array.isArray(hba) ? hba.length : 0} access rules`,
    changed: ({ path }) =>
      path.join(".") === "container.image" ? "checked by the new image" : undefined,
  },
  "tenantry:index:TlsFiles": {
    noun: "certificate",
    name: () => "",
    created: ({ made }) =>
      made === undefined
        ? "given"
        : `made for ${list(object(made).names)}, by the stack's own authority`,
    changed: ({ path }) => {
      if (path[0] === "expiry") return "a new one, since it expires within 30 days";
      if (path[0] === "fingerprint") return "its files are put back";
      if (path.join(".") === "made.generation") return "a new one";
      return path[0] === "image" ? "handed to the new image's account" : undefined;
    },
  },
  "tenantry:index:EmbeddedServer": {
    noun: "server",
    name: () => "PostgreSQL 16",
    created: ({ directory, port }) => `127.0.0.1:${text(port)}, data in ${text(directory)}`,
    removed: ({ directory }) => `stops it and DELETES ${text(directory)} with all databases`,
    changed: ({ path, new: value }) => {
      if (path[0] === "running")
        return value === false ? "running => stopped" : "stopped => running";
      return path[0] === "startDigest" ? "restarts: settings that need it changed" : undefined;
    },
  },
  "docker:index/container:Container": {
    noun: "server",
    name: () => "PostgreSQL 16",
    created: ({ name }) => `container ${text(name)}`,
    removed: () => "stops the container; its data are in the volume",
    isReplaceable: true,
    changed: ({ path }) => {
      if (path[0] === "labels") return "restarts: settings that need it changed";
      return path[0] === "image" ? "restarts: another image" : undefined;
    },
  },
  "docker:index/volume:Volume": {
    noun: "volume",
    name: ({ name }) => text(name),
    removed: () => "DELETES it with all databases",
  },
  "docker:index/network:Network": { noun: "network", name: ({ name }) => text(name) },
  "docker:index/remoteImage:RemoteImage": {
    noun: "image",
    name: () => "",
    created: ({ name }) => imageName(name),
    isReplaceable: true,
    changed: ({ path, old, new: next }) =>
      path[0] === "name" ? `${imageName(old)} => ${imageName(next)}` : undefined,
  },
  "tenantry:index:ServerReady": {
    noun: "server check",
    name: () => "",
    created: () => "waits for a login, reads the settings back",
    changed: ({ path }) => {
      if (path[0] === "running") return "waits for a login, reads the settings back";
      if (path[0] === "container") return "waits for the new container";
      if (path[0] === "certificate") return "loads the new certificate";
      return path[0] === "configuration" ? "loads the new configuration" : undefined;
    },
  },
  "tenantry:index:ExistingServer": {
    noun: "server check",
    name: () => "",
    created: () => "waits for a login, looks at rights and settings",
    changed: ({ path: [first] }) => {
      if (first === "running") return "waits for a login";
      return first === "differences"
        ? "settings are not as declared: npx tenantry probe"
        : undefined;
    },
  },
  "tenantry:index:OwnerMembership": {
    noun: "membership",
    name: () => "",
    created: ({ role, administrator }) => `${text(administrator)} in ${text(role)}`,
  },
  "tenantry:index:Credential": {
    noun: "password",
    name: ({ role }) => text(role),
    created: () => "random, encrypted; the server gets a verifier",
    changed: passwordChange,
  },
  "postgresql:index/role:Role": {
    noun: "role",
    name: ({ name }) => text(name),
    created: ({ login, replication }) =>
      [login === true ? "login" : "no login", replication === true ? "replication" : ""]
        .filter((part) => part !== "")
        .join(", "),
    changed: ({ path, new: value }) => {
      if (path[0] !== "login") return undefined;
      return value === true ? "may log in" : "may no longer log in";
    },
  },
  "postgresql:index/grantRole:GrantRole": {
    noun: "membership",
    name: ({ role }) => text(role),
    created: ({ grantRole }) => `in ${text(grantRole)}`,
  },
  "postgresql:index/database:Database": {
    noun: "database",
    name: ({ name }) => text(name),
    created: ({ owner }) => (owner === undefined ? "" : `owner ${text(owner)}`),
    removed: () => "drops it and everything in it",
  },
  "postgresql:index/schema:Schema": {
    noun: "schema",
    name: ({ name }) => text(name),
    created: ({ owner }) => (owner === undefined ? "" : `owner ${text(owner)}`),
    removed: () => "drops it",
  },
  "postgresql:index/extension:Extension": {
    noun: "extension",
    name: ({ name }) => text(name),
    created: ({ schema }) => (schema === undefined ? "" : `schema ${text(schema)}`),
  },
  "postgresql:index/grant:Grant": {
    noun: "grant",
    name: ({ role }) => text(role),
    created: (inputs) => `${list(inputs.privileges)} on ${on(inputs)}`,
  },
  "postgresql:index/defaultPrivileges:DefaultPrivileges": {
    noun: "default privilege",
    name: ({ role }) => text(role),
    created: (inputs) => `${list(inputs.privileges)} on new ${on(inputs)}`,
  },
  "tenantry:index:Migrations": {
    noun: "migrations",
    name: ({ area }) => text(area),
    plural: "sets of migrations",
    created: ({ files }) => spanOf(files).replace(/^migrations? /, ""),
    changed: areaChange,
  },
  "tenantry:index:FleetMigrations": {
    noun: "tenant migrations",
    name: () => "",
    plural: "tenant migrations",
    created: ({ tenant: files }) => spanOf(files).replace(/^migrations? /, ""),
    changed: (difference) =>
      difference.path[0] === "tenant" ? migrationChange(difference) : fleetChange(difference),
  },
  "tenantry:index:TenantShard": { noun: "shard", name: ({ number }) => text(number) },
  "tenantry:index:Tenant": tenant,
};

const ORDER = Object.keys(WORDS);

/** Where a type stands in a plan. */
export function planOrder(type: string): number {
  const place = ORDER.indexOf(type);
  return place === -1 ? ORDER.length : place;
}

/** The words for a type token; an unknown type is spoken of by the last part of its token. */
export function resourceWords(type: string): ResourceWords {
  const last = type.slice(type.lastIndexOf(":") + 1);
  return WORDS[type] ?? { noun: last.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase() };
}
