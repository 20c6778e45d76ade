import { servePlugin } from "../../protocol/plugin-server.ts";
import { pendingCreates } from "./pending-creates.ts";
import { postgresqlStandIn } from "./stand-in.ts";

await servePlugin(postgresqlStandIn(pendingCreates(process.env)));
