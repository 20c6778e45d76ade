import type { z } from "zod";
import type { BucketAccess } from "../core/archive-location.ts";
import type { settingsDefinition } from "./definition.ts";
import type { Problem } from "./problem.ts";
import { problemAt } from "./sound-part.ts";
import type { YamlSource } from "./settings-source.ts";

type Written = Pick<z.output<typeof settingsDefinition>, "archives" | "archiveSecretKey">;

/** Where a stack's archives go. */
export interface ArchiveSettings {
  /** A folder, absolute or relative to the project, or `s3://bucket/folder`. */
  readonly archives: string;
  /** How buckets are reached. */
  readonly bucketAccess: BucketAccess;
}

/** The settings of archives, and what only shows when they are seen together. */
export function readArchives(
  { archives, archiveSecretKey }: Written,
  stackFile: YamlSource,
  stack: string,
): { settings: ArchiveSettings; problems: Problem[] } {
  const { directory, bucket, endpoint, region, accessKeyId } = archives;
  const problem = (path: readonly string[], rule: string): Problem =>
    problemAt(stackFile, path, { rule });
  const problems: Problem[] = [];
  if (directory !== undefined && bucket !== undefined)
    problems.push(
      problem(["archives", "bucket"], "and directory are both set: archives go to one place"),
    );
  if (accessKeyId !== undefined && archiveSecretKey === undefined)
    problems.push(
      problem(
        ["archives", "accessKeyId"],
        "needs its secret key: pulumi config set --secret archiveSecretKey",
      ),
    );
  if (accessKeyId === undefined && archiveSecretKey !== undefined)
    problems.push(
      problem(["archiveSecretKey"], "belongs to archives.accessKeyId, which is not there"),
    );
  return {
    settings: {
      archives: bucket ?? directory ?? `.tenantry/${stack}/archives`,
      bucketAccess: {
        ...(endpoint !== undefined && { endpoint }),
        ...(region !== undefined && { region }),
        ...(accessKeyId !== undefined && { accessKeyId }),
      },
    },
    problems,
  };
}
