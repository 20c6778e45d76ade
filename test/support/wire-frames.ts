/** A message of PostgreSQL's protocol. */
export interface Frame {
  /** Its letter; empty for a client's first message, which has none. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Divides one direction of a connection into messages. */
export class WireFrames {
  #rest = Buffer.alloc(0);
  #hasLetter: boolean;

  constructor(from: "client" | "server") {
    this.#hasLetter = from === "server";
  }

  read(data: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const frames: Frame[] = [];
    for (;;) {
      const header = this.#hasLetter ? 1 : 0;
      if (this.#rest.length < header + 4) return frames;
      const length = header + this.#rest.readUInt32BE(header);
      if (this.#rest.length < length) return frames;
      const bytes = this.#rest.subarray(0, length);
      frames.push({ type: this.#hasLetter ? String.fromCharCode(bytes[0]!) : "", bytes });
      this.#rest = this.#rest.subarray(length);
      this.#hasLetter = true;
    }
  }
}

/** Q = a simple query; S = Sync, which ends a query with parameters. */
export const endsStatement = ({ type }: Frame): boolean => type === "Q" || type === "S";
