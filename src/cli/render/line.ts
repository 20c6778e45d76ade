/** What a line is about; the terminal turns it into a colour. */
export type Tone = "plain" | "quiet" | "strong" | "add" | "change" | "remove" | "warning" | "error";

/** One line of output, without colours: renderers stay pure and testable. */
export interface Line {
  readonly tone: Tone;
  readonly text: string;
}

export const line = (text: string, tone: Tone = "plain"): Line => ({ tone, text });
