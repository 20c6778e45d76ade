import type { Readable } from "node:stream";

/** A kind of place that archives lie in, as files do: a folder, or a bucket. */
export interface ArchivePlace {
  /**
   * Keeps a file: whole or not at all, also when its content ends with an error.
   *
   * @throws {TenantryError} TNT-712 when the place refuses; what the content throws
   */
  write(location: string, content: Readable): Promise<void>;
  /** A file's bytes. @throws {TenantryError} TNT-703 when it cannot be read, also in the middle */
  read(location: string): Promise<Readable>;
  /** Those of the locations at which a file is. @throws {TenantryError} TNT-703 when nobody can tell */
  present(locations: readonly string[]): Promise<string[]>;
  /**
   * The locations of all files right in a folder, or under a bucket's prefix; none when it is not there yet.
   *
   * @throws {TenantryError} TNT-703 when nobody can tell
   */
  list(folder: string): Promise<string[]>;
}
