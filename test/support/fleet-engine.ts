import { up } from "../../src/engine/local-engine.ts";
import { fleetOptions, fleetProgram } from "./fleet-stack.ts";
import type { DeclaredFleet } from "./fleet-stack.ts";

/** An engine in a process of its own, to be killed: `fleet-engine.ts ROOT FLEET`, the fleet as JSON. */
const [root = "", fleet = ""] = process.argv.slice(2);
await up(fleetOptions(root), fleetProgram(JSON.parse(fleet) as DeclaredFleet));
