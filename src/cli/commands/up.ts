import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { changeStack } from "../change-stack.ts";
import { ENGINE, FULL, JSON_OUTPUT, STACK, YES } from "../options.ts";
import { openStack } from "../open-stack.ts";
import { Terminal } from "../terminal.ts";

function readDigest(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be the 64 hexadecimal digits that a preview printed.");
}

export const upCommand = () =>
  new Command("up")
    .description("make the database agree with the stack file: show the plan, ask, do it")
    .addOption(STACK)
    .addOption(ENGINE)
    .option(
      "--expect-plan <digest>",
      "refuse any other plan than the one that was reviewed, by the digest its preview printed",
      readDigest,
    )
    .addOption(YES)
    .addOption(
      new Option(
        "--skip-preview",
        "with --yes: do it without making the plan first, in half the time; a removal that is not allowed is refused only when it comes to it",
      ).conflicts("expectPlan"),
    )
    .addOption(FULL)
    .addOption(JSON_OUTPUT)
    .action(async ({ stack: name, engine, expectPlan, yes, skipPreview, full, json }, command) => {
      if (skipPreview === true && yes !== true)
        command.error("error: --skip-preview has no plan to ask about: add --yes");
      const terminal = new Terminal({ json });
      const stack = await openStack({ stack: name, engine, keep: true });
      const how = { yes, full, expectPlan, skipPreview };
      await changeStack({ stack, operation: "up", terminal, ...how });
    });
