/** How a bucket is reached. What is left out is where the AWS SDK looks for it. */
export interface BucketAccess {
  /** The server's address, for one that is not Amazon's: `https://minio.example.com:9000`. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
}

const SCHEME = "s3://";

/** Whether an archive's location, or the place of new ones, is in a bucket: `s3://bucket/key`. */
export const isInBucket = (location: string): boolean => location.startsWith(SCHEME);

/** The bucket, and what comes after it, without the slash between them. */
export function bucketAndKey(location: string): { bucket: string; key: string } {
  const path = location.slice(SCHEME.length);
  const [bucket = ""] = path.split("/", 1);
  return { bucket, key: path.slice(bucket.length + 1) };
}

/** The folder that a file is in, with the slash at its end. */
export const folderOf = (location: string): string =>
  location.slice(0, location.lastIndexOf("/") + 1);

/** What the name of an encrypted archive ends with: OpenPGP's usual ending. */
export const ENCRYPTED_ENDING = ".pgp";

/** What a file of an archive is: rows in this project's own form, or a dump for `pg_restore`. */
export const ARCHIVE_FORMATS = ["tenantry", "pg_dump"] as const;
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number];

const ENDINGS: Readonly<Record<ArchiveFormat, string>> = { tenantry: "tar.zst", pg_dump: "dump" };

/** `<id>-<time>.tar.zst`. @param at ISO 8601 */
export function archiveName(id: string, at: string, format: ArchiveFormat = "tenantry"): string {
  return `${id}-${at.replaceAll(/[-:]|\.\d+/g, "")}.${ENDINGS[format]}`;
}

/** The format that a location's ending tells. */
export function formatOf(location: string): ArchiveFormat {
  return /\.dump(\.pgp)?$/.test(location) ? "pg_dump" : "tenantry";
}
