import { UNKNOWN } from "../../../../src/protocol/values.ts";
import { HOME } from "./scene.ts";
import type { Story, Variations } from "./story.ts";

export const EXTENSION_VARIATIONS: Variations = {
  type: "Extension",
  base: { name: "citext" },
  variations: [
    {
      property: "schema",
      values: ["pg_catalog", "public"],
      drifts: ["alter extension citext set schema public"],
    },
    {
      property: "version",
      values: ["1.4", "1.5"],
      drifts: ["alter extension citext update to '1.5'"],
    },
    { property: "database", values: [HOME, "postgres"] },
    { property: "dropCascade", values: [true, false] },
    { property: "createCascade", values: [true, false] },
    { property: "name", values: ["citext", "hstore"] },
  ],
};

export const EXTENSION_STORIES: readonly Story[] = [
  {
    type: "Extension",
    title: "Extension: in a schema of its own",
    steps: [
      { declare: { name: "citext", database: HOME, schema: "P Room" } },
      { drift: "alter extension citext set schema p_room", database: HOME },
      { declare: { name: "citext", database: HOME, schema: "P Room" } },
      { declare: { name: "citext", database: HOME } },
    ],
  },
  {
    type: "Extension",
    title: "Extension: something needs it",
    steps: [
      { declare: { name: "citext" } },
      { behind: "create table p_its (c citext)" },
      { remove: true },
      { declare: { name: "citext", dropCascade: true } },
      { remove: true },
      { behind: "drop table p_its" },
    ],
  },
  {
    type: "Extension",
    title: "Extension: it needs another",
    steps: [
      { declare: { name: "earthdistance" } },
      { declare: { name: "earthdistance", createCascade: true } },
      { remove: true },
      { behind: "drop extension cube" },
    ],
  },
  {
    type: "Extension",
    title: "Extension: a newer version",
    steps: [
      { declare: { name: "citext", version: "1.4" } },
      { declare: { name: "citext", version: "1.6" } },
      { declare: { name: "citext", version: "1.4" } },
      { declare: { name: "citext" } },
    ],
  },
  {
    type: "Extension",
    title: "Extension: gone",
    steps: [
      { declare: { name: "citext" } },
      { drift: "drop extension citext" },
      { declare: { name: "citext" } },
    ],
  },
  {
    type: "Extension",
    title: "Extension: what PostgreSQL refuses",
    steps: [
      { declare: { name: "p_missing" } },
      { declare: { name: "citext", version: "0.1" } },
      { declare: { name: "citext", schema: "p_missing" } },
      { declare: { name: "citext", database: "p_missing" } },
      { declare: { name: "citext" } },
      { declare: { name: "citext", schema: "p_missing" } },
      { declare: { name: "citext", version: "0.1" } },
    ],
  },
  {
    type: "Extension",
    title: "Extension: not known yet",
    steps: [
      { preview: { name: UNKNOWN, schema: UNKNOWN, version: UNKNOWN } },
      { declare: { name: "citext" } },
      { preview: { name: "citext", schema: UNKNOWN, version: UNKNOWN } },
      { preview: { name: UNKNOWN } },
    ],
  },
  {
    type: "Extension",
    title: "Extension: nothing and null",
    steps: [{ declare: { name: "citext", schema: null, version: null, database: null } }],
  },
];
