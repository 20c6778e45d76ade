/** A command of a guide, and what it prints; nothing when the page shows no output. */
export interface Command {
  /** The folder that its prompt names. */
  readonly where: string;
  readonly text: string;
  readonly output: readonly string[];
}

/** What a guide says about a file: what it holds, or what becomes of a part of it. */
export interface FileBlock {
  readonly file: string;
  /** The part that is replaced; undefined for a file that is shown whole. */
  readonly before: string | undefined;
  readonly after: string;
}

const BLOCK = /(?:^In `([^`]+)`:\n\n)?^```(\w*)\n([^]*?)^```$/gm;
const PROMPT = /^(\w+)\$ (.*)$/;

/**
 * The steps of a guide, in their order: blocks of `js` and `diff` below "In `file`:", and the commands of each `console`.
 *
 * @throws {Error} for a block that is none of these, since nothing would carry it out
 */
export function readGuide(page: string): (Command | FileBlock)[] {
  return [...page.matchAll(BLOCK)].flatMap(readBlock);
}

function readBlock([block, file, language, text = ""]: RegExpExecArray): (Command | FileBlock)[] {
  if (language === "console" && file === undefined) return readCommands(text);
  if (language === "js" && file !== undefined) return [{ file, before: undefined, after: text }];
  if (language === "diff" && file !== undefined) return [{ file, ...readDifference(text) }];
  throw new Error(`A block that is not carried out:\n${block}`);
}

function readCommands(text: string): Command[] {
  const commands: { where: string; text: string; output: string[] }[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const [, where, command] = PROMPT.exec(line) ?? [];
    if (where !== undefined && command !== undefined)
      commands.push({ where, text: command, output: [] });
    else commands.at(-1)?.output.push(line);
  }
  return commands;
}

function readDifference(text: string): { readonly before: string; readonly after: string } {
  const lines = text.split("\n").slice(0, -1);
  const without = (sign: string): string =>
    lines
      .filter((line) => !line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { before: without("+"), after: without("-") };
}
