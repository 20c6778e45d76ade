import { UNKNOWN } from "../../../../src/protocol/values.ts";
import { HOME } from "./scene.ts";
import type { Story, Variations } from "./story.ts";

export const SCHEMA_VARIATIONS: Variations = {
  type: "Schema",
  base: { name: "p_it" },
  variations: [
    {
      property: "owner",
      values: ["p_owner", "P Mixed"],
      drifts: ["alter schema p_it owner to postgres", "grant usage on schema p_it to public"],
    },
    { property: "database", values: [HOME, "postgres"] },
    { property: "ifNotExists", values: [false, true] },
    { property: "dropCascade", values: [true, false] },
  ],
};

export const SCHEMA_STORIES: readonly Story[] = [
  {
    type: "Schema",
    title: "Schema: renamed",
    steps: [
      { declare: { name: "p_it", owner: "p_owner", database: HOME } },
      { declare: { name: "P It", owner: "p_owner", database: HOME } },
      { declare: { name: 'p "it".x', owner: "p_user", database: HOME } },
    ],
  },
  {
    type: "Schema",
    title: "Schema: there already",
    steps: [
      { behind: "create schema p_it authorization p_other" },
      { declare: { name: "p_it" } },
      { remove: true },
      { behind: "create schema p_it authorization p_other" },
      { declare: { name: "p_it", owner: "p_owner" } },
    ],
  },
  {
    type: "Schema",
    title: "Schema: with something in it",
    steps: [
      { declare: { name: "p_it", database: HOME } },
      { behind: "create table p_it.t (n int)", database: HOME },
      { remove: true },
      { declare: { name: "p_it", database: HOME, dropCascade: true } },
      { remove: true },
    ],
  },
  {
    type: "Schema",
    title: "Schema: gone",
    steps: [
      { declare: { name: "p_it", database: HOME } },
      { drift: "drop schema p_it", database: HOME },
      { declare: { name: "p_it", database: HOME } },
      { drift: "alter schema p_it rename to p_it_2", database: HOME },
      { behind: "drop schema p_it_2", database: HOME },
      { behind: "create database p_gone" },
      { declare: { name: "p_it", database: "p_gone" } },
      { drift: "drop database p_gone with (force)" },
    ],
  },
  {
    type: "Schema",
    title: "Schema: what PostgreSQL refuses",
    steps: [
      { declare: { name: "pg_it" } },
      { declare: { name: "p_it", owner: "p_missing" } },
      { declare: { name: "p_it", database: "p_missing" } },
      { declare: { name: "p_it", database: HOME } },
      { declare: { name: "p_room", database: HOME } },
      { declare: { name: "p_it", owner: "p_missing", database: HOME } },
    ],
  },
  {
    type: "Schema",
    title: "Schema: what nobody looked for, at the next change",
    steps: [
      { declare: { name: "p_it", owner: "p_owner" } },
      { behind: "alter schema p_it owner to p_user; grant all on schema p_it to p_other" },
      { declare: { name: "p_it_2", owner: "p_owner" } },
    ],
  },
  {
    type: "Schema",
    title: "Schema: not known yet",
    steps: [
      { preview: { name: UNKNOWN, owner: UNKNOWN, database: UNKNOWN } },
      { declare: { name: "p_it" } },
      { preview: { name: "p_it", owner: UNKNOWN } },
      { preview: { name: UNKNOWN, database: UNKNOWN } },
    ],
  },
  {
    type: "Schema",
    title: "Schema: nothing and null",
    steps: [{ declare: { name: "p_it", owner: null, database: null, dropCascade: null } }],
  },
];
