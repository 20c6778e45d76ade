import { size } from "../../core/format.ts";

/** A difference of sizes in bytes: `+184 kB`, `−12 MB`. */
export const sizeChange = (bytes: number): string =>
  `${bytes < 0 ? "−" : "+"}${size(Math.abs(bytes))}`;
