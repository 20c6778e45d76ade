import { DATABASE_STORIES, DATABASE_VARIATIONS } from "./databases.ts";
import { EXTENSION_STORIES, EXTENSION_VARIATIONS } from "./extensions.ts";
import { DEFAULT_PRIVILEGES_VARIATIONS, GRANT_VARIATIONS, RIGHTS_STORIES } from "./rights.ts";
import { ROLE_STORIES, ROLE_VARIATIONS } from "./roles.ts";
import { SCHEMA_STORIES, SCHEMA_VARIATIONS } from "./schemas.ts";
import { storiesOf } from "./story.ts";
import type { Story, Variations } from "./story.ts";

const VARIATIONS: readonly Variations[] = [
  ROLE_VARIATIONS,
  DATABASE_VARIATIONS,
  SCHEMA_VARIATIONS,
  EXTENSION_VARIATIONS,
  ...GRANT_VARIATIONS,
  ...DEFAULT_PRIVILEGES_VARIATIONS,
];

/** Each property of each type the stand-in serves, and what else can happen to an object of it. */
export const STORIES: readonly Story[] = [
  ...VARIATIONS.flatMap(storiesOf),
  ...ROLE_STORIES,
  ...DATABASE_STORIES,
  ...SCHEMA_STORIES,
  ...EXTENSION_STORIES,
  ...RIGHTS_STORIES,
];
