// Runs a script of the project, for the npm scripts: node bin/run.js SCRIPT [ARG ...]
import { launch } from "./launch.js";

const [script = "", ...args] = process.argv.slice(2);
launch(script, args);
