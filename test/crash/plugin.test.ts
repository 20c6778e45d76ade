import { sweep } from "./sweep.ts";

sweep("plugin", "strict", 0.33);
