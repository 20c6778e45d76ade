import { sweep } from "./sweep.ts";

sweep("engine", "shared", 0);
