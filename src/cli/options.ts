import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ENGINE_CHOICES } from "./engine/choose-engine.ts";
import { readDuration } from "./read-duration.ts";
import { LONGEST_COMMENT } from "./review/section.ts";

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

export const FORMAT = new Option(
  "--format <form>",
  "the plan as text, for a pull request, for programs, or as `pulumi preview --json` prints it",
)
  .choices(["text", "markdown", "json", "pulumi"] as const)
  .default("text" as const);

export const MAX_LENGTH = new Option(
  "--max-length <characters>",
  "with --format markdown: the longest it may be",
)
  .default(60_000)
  .argParser(readLength);

export const EXPECT_NO_CHANGES = new Option(
  "--expect-no-changes",
  "fail (exit code 1) when there are changes, for CI",
);

/** GitHub takes comments of 65,536 characters; of less than 2,000 nothing would be left. */
function readLength(text: string): number {
  const length = Number(text);
  if (Number.isInteger(length) && length >= 2000 && length <= LONGEST_COMMENT) return length;
  throw new InvalidArgumentError(`It must be a whole number from 2000 to ${LONGEST_COMMENT}.`);
}

export const YES = new Option("-y, --yes", "do not ask");

export const FULL = new Option("--full", "name each resource, however many there are");

export const ALL_TENANTS = new Option(
  "--all",
  "every tenant of the stack; one that fails does not stop the others",
);

export const WAIT = new Option(
  "--wait <duration>",
  "how long a table that somebody holds is waited for, such as 10s; default: 1s where others would queue behind, else 4s, and 60s for --concurrently",
).argParser(readDuration);

export const FROM_START = new Option(
  "--from-start",
  "with --all: begin anew rather than go on with a run that was interrupted in the last 12 hours (central.audit_log knows it)",
);

export const WATCH = new Option("-w, --watch [seconds]", "show it again and again; Ctrl-C ends it")
  .preset("2")
  .argParser(readSeconds);

/** Less than half a second would keep the server busy with being watched. */
function readSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0.5 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError("It must be a number of seconds from 0.5 to 3600.");
}

export const SHOW_LITERALS = new Option(
  "--show-literals",
  "show queries as they are, with the data in their texts",
);
