const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const END_OF_LINE = "\u001b[K";
const BELOW = "\u001b[J";

/**
 * A terminal's second screen, as `less` and `top` use it: what was there before comes back when it is left. A frame is
 * written over the one before, in one go, so that nothing flickers.
 */
export class Screen {
  readonly #stream: NodeJS.WriteStream;
  #entered = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows lines that fit the width already; those that do not fit the height are left out at the end. */
  draw(lines: readonly string[]): void {
    const rows = this.#stream.rows || lines.length;
    const shown = lines.slice(0, rows);
    const frame = shown.map((text) => text + END_OF_LINE).join("\n");
    this.#stream.write((this.#entered ? "" : ENTER) + HOME + frame + BELOW);
    this.#entered = true;
  }

  /** Goes back to the first screen. */
  leave(): void {
    if (this.#entered) this.#stream.write(LEAVE);
    this.#entered = false;
  }
}
