import { readFileSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { messageOf, TenantryError } from "../../core/errors.ts";
import { digestIn, mergeComment } from "../review/section.ts";
import { Terminal } from "../terminal.ts";

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new TenantryError("TNT-612", { file, reason: messageOf(error) }, { cause: error });
  }
}

const mergeCommand = () =>
  new Command("merge")
    .description("print a pull request's comment with new sections in place of older ones")
    .argument("<comment.md>", "the comment as it is; may be empty")
    .argument("<sections.md>", "what `preview --format markdown` printed")
    .requiredOption("--stacks <names...>", "the stacks that the pull request touches")
    .action((comment, sections, { stacks }) => {
      new Terminal({}).printRaw(mergeComment(read(comment), read(sections), stacks).trimEnd());
    });

const planCommand = () =>
  new Command("plan")
    .description("print the digest of the plan that a pull request's comment shows for a stack")
    .argument("<comment.md>", "the comment")
    .requiredOption("-s, --stack <name>", "the stack")
    .action((comment, { stack }) => {
      const digest = digestIn(read(comment), stack);
      if (digest === undefined) throw new TenantryError("TNT-633", { stack });
      new Terminal({}).printRaw(digest);
    });

export const commentCommand = () =>
  new Command("comment")
    .description("put previews into a pull request's comment, and find the reviewed plan in it")
    .addCommand(mergeCommand())
    .addCommand(planCommand());
