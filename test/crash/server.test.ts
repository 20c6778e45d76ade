import { sweep } from "./sweep.ts";

sweep("server", "shared", 0.66);
