import { UNKNOWN } from "../../../../src/protocol/values.ts";
import type { Story, Variations } from "./story.ts";

export const DATABASE_VARIATIONS: Variations = {
  type: "Database",
  base: { name: "p_it" },
  variations: [
    {
      property: "owner",
      values: ["p_owner", "P Mixed"],
      drifts: ["alter database p_it owner to postgres"],
    },
    {
      property: "connectionLimit",
      values: [5, 0, -1],
      drifts: ["alter database p_it connection limit 9"],
    },
    {
      property: "allowConnections",
      values: [false, true],
      drifts: ["alter database p_it allow_connections true"],
    },
    {
      property: "isTemplate",
      values: [true, false],
      drifts: ["alter database p_it is_template false"],
    },
    {
      property: "tablespaceName",
      values: ["p_space", "pg_default"],
      drifts: ["alter database p_it set tablespace pg_default"],
    },
    {
      property: "encoding",
      values: ["SQL_ASCII", "UTF8"],
      beside: { lcCollate: "C", lcCtype: "C" },
    },
    { property: "lcCollate", values: ["C", "C.UTF-8"] },
    { property: "lcCtype", values: ["C", "C.UTF-8"] },
    { property: "template", values: ["template1", "template0"] },
    {
      property: "alterObjectOwnership",
      values: [true, false],
      beside: { owner: "p_owner" },
    },
  ],
};

export const DATABASE_STORIES: readonly Story[] = [
  {
    type: "Database",
    title: "Database: renamed",
    steps: [
      { declare: { name: "p_it", owner: "p_owner" } },
      { declare: { name: "P It", owner: "p_owner" } },
      { declare: { name: 'p "it"', owner: "p_user", connectionLimit: 3 } },
      { remove: true },
    ],
  },
  {
    type: "Database",
    title: "Database: what is in it goes to the new owner",
    steps: [
      { declare: { name: "p_it", owner: "p_owner", alterObjectOwnership: true } },
      { behind: "create schema p_its authorization p_owner", database: "p_it" },
      { declare: { name: "p_it", owner: "p_user", alterObjectOwnership: true } },
      { declare: { name: "p_it", owner: "p_owner" } },
    ],
  },
  {
    type: "Database",
    title: "Database: what nobody looked for, at the next change",
    steps: [
      { declare: { name: "p_it", owner: "p_owner" } },
      { behind: "alter database p_it owner to p_user; alter database p_it connection limit 9" },
      { declare: { name: "p_it", owner: "p_owner", isTemplate: true } },
    ],
  },
  {
    type: "Database",
    title: "Database: gone",
    steps: [
      { declare: { name: "p_it" } },
      { drift: "drop database p_it with (force)" },
      { declare: { name: "p_it" } },
      { drift: "alter database p_it rename to p_it_2" },
      { behind: "drop database p_it_2" },
    ],
  },
  {
    type: "Database",
    title: "Database: what PostgreSQL refuses",
    steps: [
      { declare: { name: "template0" } },
      { declare: { name: "p_it", owner: "p_missing" } },
      { declare: { name: "p_it", encoding: "KLINGON" } },
      { declare: { name: "p_it", lcCollate: "tlh_QO" } },
      { declare: { name: "p_it", template: "p_missing" } },
      { declare: { name: "p_it", tablespaceName: "p_missing" } },
      { declare: { name: "p_it" } },
      { declare: { name: "template0" } },
      { declare: { name: "p_it", owner: "p_missing" } },
      { declare: { name: "p_it", tablespaceName: "p_missing" } },
    ],
  },
  {
    type: "Database",
    title: "Database: as its template has it",
    steps: [
      { declare: { name: "p_it", template: "DEFAULT", encoding: "DEFAULT" } },
      { remove: true },
      { declare: { name: "p_it", lcCollate: "DEFAULT", lcCtype: "DEFAULT" } },
      { remove: true },
      { declare: { name: "p_it", tablespaceName: "DEFAULT" } },
      { declare: { name: "p_it", tablespaceName: "p_space" } },
      { declare: { name: "p_it", tablespaceName: "DEFAULT" } },
    ],
  },
  {
    type: "Database",
    title: "Database: not known yet",
    steps: [
      { preview: { name: UNKNOWN, owner: UNKNOWN, connectionLimit: UNKNOWN } },
      { preview: { name: "p_it", encoding: UNKNOWN, template: "template0", isTemplate: UNKNOWN } },
      { declare: { name: "p_it" } },
      { preview: { name: UNKNOWN, owner: UNKNOWN } },
      { preview: { name: "p_it", lcCollate: UNKNOWN, owner: "p_owner" } },
    ],
  },
  {
    type: "Database",
    title: "Database: nothing and null",
    steps: [{ declare: { name: "p_it", owner: null, encoding: null, connectionLimit: null } }],
  },
];
