import { Command } from "@commander-js/extra-typings";
import {
  EXPECT_NO_CHANGES,
  ENGINE,
  FORMAT,
  FULL,
  JSON_OUTPUT,
  MAX_LENGTH,
  STACK,
} from "../options.ts";
import { previewStack } from "../preview-stack.ts";

export const previewCommand = () =>
  new Command("preview")
    .description("show what `up` would change, and change nothing")
    .addOption(STACK)
    .addOption(ENGINE)
    .addOption(FULL)
    .addOption(EXPECT_NO_CHANGES)
    .addOption(FORMAT)
    .addOption(MAX_LENGTH)
    .addOption(JSON_OUTPUT)
    .action(async (options) => {
      await previewStack("up", options);
    });
