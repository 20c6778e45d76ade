import { UNKNOWN } from "../../../../src/protocol/values.ts";
import { HOME } from "./scene.ts";
import type { Story, Variations } from "./story.ts";

const onDatabase = { role: "p_user", database: HOME, objectType: "database" };
const onSchema = { role: "p_user", database: HOME, objectType: "schema", schema: "p_room" };

export const GRANT_VARIATIONS: readonly Variations[] = [
  {
    type: "Grant",
    about: "on a database",
    base: { ...onDatabase, privileges: ["CONNECT", "CREATE"] },
    variations: [
      {
        property: "privileges",
        values: [["TEMPORARY", "CREATE", "CONNECT"], ["CONNECT"], ["ALL"], [], ["CREATE"]],
        drifts: [
          `revoke temporary on database ${HOME} from p_user`,
          `revoke all on database ${HOME} from p_user`,
        ],
      },
      {
        property: "withGrantOption",
        values: [true, false],
        drifts: [`revoke grant option for create on database ${HOME} from p_user`],
      },
      { property: "role", values: ["p_other", "P Mixed", "public"] },
      { property: "database", values: ["postgres", HOME] },
    ],
  },
  {
    type: "Grant",
    about: "on a schema",
    base: { ...onSchema, privileges: ["USAGE"] },
    database: HOME,
    variations: [
      {
        property: "privileges",
        values: [["USAGE", "CREATE"], ["ALL"], [], ["USAGE"]],
        drifts: [
          "revoke create on schema p_room from p_user",
          "revoke all on schema p_room from p_user",
        ],
      },
      { property: "withGrantOption", values: [true, false] },
      {
        property: "role",
        values: ["public", "P Mixed"],
        drifts: ["grant create on schema p_room to public"],
      },
      { property: "schema", values: ["P Room", "public"] },
    ],
  },
];

const defaults = { role: "p_user", database: HOME, owner: "p_owner" };

export const DEFAULT_PRIVILEGES_VARIATIONS: readonly Variations[] = (
  [
    ["table", ["SELECT", "INSERT", "UPDATE", "DELETE"], ["TRUNCATE", "REFERENCES", "TRIGGER"]],
    ["sequence", ["USAGE", "SELECT"], ["UPDATE"]],
    ["function", ["EXECUTE"], ["EXECUTE"]],
    ["type", ["USAGE"], ["USAGE"]],
  ] as const
).flatMap(([objectType, first, second]) =>
  [{}, { schema: "p_room" }].map((place): Variations => {
    const alter = `alter default privileges for role p_owner${"schema" in place ? " in schema p_room" : ""}`;
    return {
      type: "DefaultPrivileges",
      about: `on a ${objectType}${"schema" in place ? " in a schema" : ""}`,
      base: { ...defaults, ...place, objectType, privileges: first },
      database: HOME,
      variations: [
        {
          property: "privileges",
          values: [first, second, ["ALL"], [], first],
          drifts: [
            `${alter} revoke all on ${objectType}s from p_user`,
            `${alter} grant all on ${objectType}s to p_user`,
          ],
        },
        ...(objectType === "table"
          ? [
              { property: "withGrantOption", values: [true, false] },
              { property: "role", values: ["public", "P Mixed"] },
              { property: "owner", values: ["P Mixed", "p_other"] },
              { property: "schema", values: ["P Room"] },
            ]
          : [{ property: "role", values: ["public", "P Mixed"] }]),
      ],
    };
  }),
);

export const RIGHTS_STORIES: readonly Story[] = [
  {
    type: "Grant",
    title: "Grant: who and what it is about, gone",
    steps: [
      { behind: "create role p_gone; create database p_gone" },
      { behind: "create schema p_gone", database: "p_gone" },
      { declare: { ...onSchema, database: "p_gone", schema: "p_gone", privileges: ["USAGE"] } },
      { drift: "drop schema p_gone", database: "p_gone" },
      { declare: { ...onDatabase, role: "p_gone", privileges: ["CONNECT"] } },
      { drift: `drop owned by p_gone; drop role p_gone`, database: HOME },
      { declare: { ...onDatabase, database: "p_gone", privileges: ["CONNECT"] } },
      { drift: "drop database p_gone with (force)" },
    ],
  },
  {
    type: "Grant",
    title: "Grant: handed on to somebody else",
    steps: [
      { declare: { ...onSchema, privileges: ["USAGE"], withGrantOption: true } },
      {
        behind: "set role p_user; grant usage on schema p_room to p_other; reset role",
        database: HOME,
      },
      { declare: { ...onSchema, privileges: ["USAGE", "CREATE"], withGrantOption: true } },
      { remove: true },
      { behind: "revoke all on schema p_room from p_user cascade", database: HOME },
    ],
  },
  {
    type: "Grant",
    title: "Grant: what PostgreSQL refuses",
    steps: [
      { declare: { ...onDatabase, role: "p_missing", privileges: ["CONNECT"] } },
      { declare: { ...onDatabase, database: "p_missing", privileges: ["CONNECT"] } },
      { declare: { ...onSchema, schema: "p_missing", privileges: ["USAGE"] } },
      {
        declare: { ...onDatabase, role: "public", privileges: ["CONNECT"], withGrantOption: true },
      },
      { declare: { ...onSchema, role: "PUBLIC", privileges: ["USAGE"] } },
    ],
  },
  {
    type: "Grant",
    title: "Grant: twice the same, in any order",
    steps: [
      { declare: { ...onDatabase, privileges: ["CONNECT", "CREATE", "CONNECT"] } },
      { declare: { ...onDatabase, privileges: ["CREATE", "CONNECT"] } },
    ],
  },
  {
    type: "Grant",
    title: "Grant: not known yet",
    steps: [
      { preview: { ...onDatabase, role: UNKNOWN, privileges: [UNKNOWN] } },
      { preview: { ...onSchema, schema: UNKNOWN, privileges: UNKNOWN } },
      { declare: { ...onDatabase, privileges: ["CONNECT"] } },
      { preview: { ...onDatabase, privileges: ["CONNECT", UNKNOWN] } },
      { preview: { ...onDatabase, database: UNKNOWN, privileges: ["CONNECT"] } },
    ],
  },
  {
    type: "DefaultPrivileges",
    title: "DefaultPrivileges: who and what they are about, gone",
    steps: [
      { behind: "create role p_gone" },
      { behind: "create schema p_gone", database: HOME },
      { declare: { ...defaults, schema: "p_gone", objectType: "table", privileges: ["SELECT"] } },
      { drift: "drop schema p_gone", database: HOME },
      { declare: { ...defaults, role: "p_gone", objectType: "table", privileges: ["SELECT"] } },
      { drift: "drop owned by p_gone; drop role p_gone", database: HOME },
    ],
  },
  {
    type: "DefaultPrivileges",
    title: "DefaultPrivileges: what PostgreSQL refuses",
    steps: [
      { declare: { ...defaults, role: "p_missing", objectType: "table", privileges: ["SELECT"] } },
      { declare: { ...defaults, owner: "p_missing", objectType: "table", privileges: ["SELECT"] } },
      { declare: { ...defaults, schema: "p_missing", objectType: "type", privileges: ["USAGE"] } },
      {
        declare: { ...defaults, database: "p_missing", objectType: "type", privileges: ["USAGE"] },
      },
      {
        declare: {
          ...defaults,
          role: "public",
          objectType: "type",
          privileges: ["USAGE"],
          withGrantOption: true,
        },
      },
    ],
  },
  {
    type: "DefaultPrivileges",
    title: "DefaultPrivileges: not known yet",
    steps: [
      { preview: { ...defaults, owner: UNKNOWN, objectType: "table", privileges: [UNKNOWN] } },
      { declare: { ...defaults, objectType: "table", privileges: ["SELECT"] } },
      { preview: { ...defaults, schema: UNKNOWN, objectType: "table", privileges: ["SELECT"] } },
    ],
  },
];
