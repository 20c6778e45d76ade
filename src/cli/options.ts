import { Option } from "@commander-js/extra-typings";
import { ENGINE_CHOICES } from "./engine/choose-engine.ts";

/** Options that several commands have: said once, so that they mean the same everywhere. */
export const STACK = new Option("-s, --stack <name>", "the stack: stacks/Pulumi.<name>.yaml")
  .env("TENANTRY_STACK")
  .default("dev");

export const ENGINE = new Option("--engine <engine>", "what runs the program")
  .choices(ENGINE_CHOICES)
  .default("auto" as const);

export const JSON_OUTPUT = new Option(
  "--json",
  "results as JSON on stdout, and nothing else there",
);

export const YES = new Option("-y, --yes", "do not ask");

export const FULL = new Option("--full", "name each resource, however many there are");
