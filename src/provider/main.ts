import { servePlugin } from "../protocol/plugin-server.ts";
import { tenantryPlugin } from "./tenantry-plugin.ts";

await servePlugin(tenantryPlugin());
