/** Stands first in the comment that is kept up to date. */
export const COMMENT_MARK = "<!-- tenantry:preview -->";

/** GitHub takes comments of 65,536 characters. */
export const LONGEST_COMMENT = 65_536;

const END = "<!-- /tenantry:stack -->";

/** What of a comment is about one stack, between marks that a reader does not see. */
export function section(stack: string, digest: string | undefined, text: string): string {
  return `<!-- tenantry:stack ${stack} plan=${digest ?? "none"} -->\n${text.trim()}\n${END}\n`;
}

interface Section {
  readonly stack: string;
  readonly digest: string;
  readonly text: string;
}

/** The sections in a comment, in their order. */
function sectionsOf(comment: string): Section[] {
  const pattern = new RegExp(
    `^<!-- tenantry:stack ([A-Za-z0-9][\\w.-]*) plan=([0-9a-f]{64}|none) -->\\n[^]*?\\n${END}$`,
    "gm",
  );
  return [...comment.replaceAll("\r\n", "\n").matchAll(pattern)].map(
    ([text, stack = "", digest = ""]) => ({ stack, digest, text }),
  );
}

/** The digest of the plan that a comment shows for a stack; nothing when it shows none. */
export function digestIn(comment: string, stack: string): string | undefined {
  const digest = sectionsOf(comment).find((section) => section.stack === stack)?.digest;
  return digest === "none" ? undefined : digest;
}

/**
 * A comment with new sections in place of older ones of the same stacks.
 *
 * @param keep the stacks that the comment is about: sections of others are taken out
 */
export function mergeComment(comment: string, sections: string, keep: readonly string[]): string {
  const merged = new Map(
    [...sectionsOf(comment), ...sectionsOf(sections)].map(({ stack, text }) => [stack, text]),
  );
  const texts = [...merged].filter(([stack]) => keep.includes(stack)).sort();
  const parts = texts.length === 0 ? ["No stack is touched."] : texts.map(([, text]) => text);
  return `${[COMMENT_MARK, ...parts].join("\n\n")}\n`;
}
