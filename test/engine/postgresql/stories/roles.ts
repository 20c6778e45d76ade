import { UNKNOWN, secret } from "../../../../src/protocol/values.ts";
import { HOME } from "./scene.ts";
import { verifier } from "./story.ts";
import type { Story, Variations } from "./story.ts";

/** An attribute that is on or off, declared first as what it is not by itself. */
const flag = (property: string, word: string, first = true) => ({
  property,
  values: [first, !first],
  drifts: [`alter role p_it ${first ? "no" : ""}${word}`],
});

export const ROLE_VARIATIONS: Variations = {
  type: "Role",
  base: { name: "p_it" },
  variations: [
    flag("login", "login"),
    flag("superuser", "superuser"),
    flag("createDatabase", "createdb"),
    flag("createRole", "createrole"),
    flag("inherit", "inherit", false),
    flag("replication", "replication"),
    flag("bypassRowLevelSecurity", "bypassrls"),
    {
      property: "connectionLimit",
      values: [5, 0, -1],
      drifts: ["alter role p_it connection limit 9", "alter role p_it connection limit -1"],
    },
    {
      property: "validUntil",
      values: ["2030-01-01 00:00:00+00", "infinity", "2031-01-01", "Infinity"],
      drifts: [
        "alter role p_it valid until '2035-01-01'",
        "alter role p_it valid until 'infinity'",
        "alter role p_it valid until '-infinity'",
      ],
    },
    {
      property: "searchPaths",
      values: [["b", "a"], ["$user", "public"], ["P Room"], []],
      drifts: [
        "alter role p_it set search_path to a, b",
        "alter role p_it reset search_path",
        'alter role p_it set search_path to "P Room", b, a',
      ],
    },
    {
      property: "statementTimeout",
      values: [1000, 2000, 0],
      drifts: [
        "alter role p_it set statement_timeout to 7",
        "alter role p_it reset statement_timeout",
      ],
    },
    {
      property: "idleInTransactionSessionTimeout",
      values: [1000, 0, 2000],
      drifts: [
        "alter role p_it set idle_in_transaction_session_timeout to 7",
        "alter role p_it reset all",
      ],
    },
    {
      property: "roles",
      values: [["p_owner", "P Mixed", "pg_monitor"], ["pg_monitor"], [], ["p_other", "p_other"]],
      drifts: [
        "revoke p_owner from p_it",
        "grant p_other to p_it",
        'revoke p_owner, "P Mixed", pg_monitor from p_it',
      ],
    },
    {
      property: "assumeRole",
      values: ["p_owner", "P Mixed"],
      drifts: ["alter role p_it set role to p_other", "alter role p_it reset role"],
    },
    {
      property: "password",
      values: [secret(verifier("one")), secret(verifier("two"))],
      drifts: [
        `alter role p_it password '${verifier("foreign")}'`,
        "alter role p_it password null",
      ],
      beside: { login: true },
    },
    { property: "skipReassignOwned", values: [true, false] },
    { property: "skipDropRole", values: [false] },
  ],
};

export const ROLE_STORIES: readonly Story[] = [
  {
    type: "Role",
    title: "Role: renamed, with all it has",
    steps: [
      {
        declare: {
          name: "p_it",
          login: true,
          password: secret(verifier("one")),
          roles: ["p_owner"],
          searchPaths: ["a"],
          statementTimeout: 1000,
        },
      },
      {
        declare: {
          name: "P It",
          login: true,
          password: secret(verifier("one")),
          roles: ["p_owner"],
          searchPaths: ["a"],
          statementTimeout: 1000,
        },
      },
      { declare: { name: 'p "it"' } },
      { declare: { name: "p_it", connectionLimit: 3 } },
    ],
  },
  {
    type: "Role",
    title: "Role: a password of one who may not log in",
    steps: [
      { declare: { name: "p_it", password: secret(verifier("one")) } },
      { drift: "alter role p_it password null" },
      { declare: { name: "p_it", password: secret(verifier("two")), login: true } },
      { declare: { name: "p_it", password: secret(verifier("two")) } },
      { declare: { name: "p_it" } },
    ],
  },
  {
    type: "Role",
    title: "Role: what nobody looked for, at the next change",
    steps: [
      {
        declare: {
          name: "p_it",
          roles: ["p_owner"],
          searchPaths: ["a"],
          statementTimeout: 1,
          login: true,
        },
      },
      { behind: "grant p_owner to p_it with admin option, inherit false" },
      { behind: "grant p_other to p_it; alter role p_it nologin" },
      {
        behind: "alter role p_it set search_path to x; alter role p_it set statement_timeout to 9",
      },
      {
        declare: {
          name: "p_it",
          roles: ["p_owner"],
          searchPaths: ["a"],
          statementTimeout: 1,
          login: true,
          createRole: true,
        },
      },
      { declare: { name: "p_it" } },
    ],
  },
  {
    type: "Role",
    title: "Role: settings that no property stands for",
    steps: [
      { declare: { name: "p_it" } },
      { drift: "alter role p_it set work_mem to '8MB'; alter role p_it set role to p_owner" },
      { declare: { name: "p_it" } },
    ],
  },
  {
    type: "Role",
    title: "Role: gone",
    steps: [
      { declare: { name: "p_it" } },
      { drift: "drop role p_it" },
      { declare: { name: "p_it", login: true } },
    ],
  },
  {
    type: "Role",
    title: "Role: renamed by somebody else",
    steps: [
      { declare: { name: "p_it" } },
      { drift: "alter role p_it rename to p_it_2" },
      { behind: "drop role p_it_2" },
    ],
  },
  {
    type: "Role",
    title: "Role: what PostgreSQL refuses",
    steps: [
      { declare: { name: "p_owner" } },
      { declare: { name: "pg_it" } },
      { declare: { name: "p_it", roles: ["p_missing"] } },
      { declare: { name: "p_it", roles: ["p_it"] } },
      { declare: { name: "p_it", validUntil: "soon" } },
      { declare: { name: "p_it" } },
      { declare: { name: "p_owner" } },
      { declare: { name: "p_it", roles: ["p_missing"] } },
      { declare: { name: "p_it", assumeRole: "p_missing" } },
      { declare: { name: "p_it", searchPaths: ["a, b"] } },
      { behind: "create schema p_its authorization p_it", database: HOME },
      { remove: true },
      { behind: "drop schema p_its", database: HOME },
      { behind: "create schema p_its authorization p_it; grant create on schema p_its to p_it" },
      { remove: true },
      { behind: "drop schema p_its" },
    ],
  },
  {
    type: "Role",
    title: "Role: left behind when its resource goes",
    steps: [
      { declare: { name: "p_it", skipDropRole: true } },
      { behind: "create schema p_its authorization p_it" },
      { remove: true },
      { behind: "drop schema p_its; drop role p_it" },
      { declare: { name: "p_it", skipReassignOwned: true } },
      { behind: "create schema p_its authorization p_it" },
      { remove: true },
      { behind: "drop schema p_its" },
    ],
  },
  {
    type: "Role",
    title: "Role: not known yet",
    steps: [
      { preview: { name: UNKNOWN, login: UNKNOWN, roles: ["p_owner", UNKNOWN] } },
      { preview: { name: "p_it", roles: UNKNOWN, password: secret(UNKNOWN), searchPaths: ["a"] } },
      { declare: { name: "p_it", login: true, roles: ["p_owner"] } },
      { preview: { name: "p_it", login: UNKNOWN, roles: [UNKNOWN], connectionLimit: UNKNOWN } },
      { preview: { name: UNKNOWN, validUntil: UNKNOWN, password: secret(UNKNOWN) } },
    ],
  },
  {
    type: "Role",
    title: "Role: nothing and null",
    steps: [
      {
        declare: { name: "p_it", roles: null, password: null, connectionLimit: null, login: null },
      },
      { declare: { name: "p_it", validUntil: null, searchPaths: null, statementTimeout: null } },
    ],
  },
];
