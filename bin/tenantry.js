#!/usr/bin/env node
import { join } from "node:path";
import { launch } from "./launch.js";

launch(join("src", "cli", "main.ts"), process.argv.slice(2));
