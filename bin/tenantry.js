#!/usr/bin/env node
import { join } from "node:path";
import { launch } from "./launch.js";

/**
 * Megabytes in which V8 makes new objects, here and in what this starts: program and plugins. By default a run over a
 * thousand tenants keeps some 250 MB of garbage; in a small place it takes no longer.
 */
const YOUNG_GENERATION = "--max-semi-space-size=4";

launch(join("src", "cli", "main.ts"), process.argv.slice(2), YOUNG_GENERATION);
